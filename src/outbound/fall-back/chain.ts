import type { CampaignPurpose, MessageChannel, MessageState } from '../../db/index.ts';
import { isInterrupted, sendingLimitMs } from '../../messaging/index.ts';

/** A message of this contact, as its row stands. */
export interface Written {
  id: string;
  channel: MessageChannel;
  state: MessageState;
  nextAt: Date | null;
  triedAt: Date | null;
}

export interface ChainInput {
  order: readonly MessageChannel[];
  addresses: Readonly<Partial<Record<MessageChannel, string>>>;
  written: readonly Written[];
  purpose: CampaignPurpose;
  now: Date;
  /** When a text may disturb: `now` when it may now, null when never. Mails wait in silence. */
  loudFrom: Date | null;
  /** When the news is old: nothing is held back beyond it. */
  until: Date | null;
}

export type ChainStep =
  | { do: 'write'; channel: MessageChannel; address: string }
  | { do: 'send'; id: string }
  /** Its sender died in the middle: nobody knows whether it went out. */
  | { do: 'give_up_on'; id: string }
  /** Its next try would be allowed only after the end of what it is about. */
  | { do: 'withdraw'; id: string }
  | { do: 'wait'; until: Date }
  | { do: 'end'; as: 'sent' | 'failed' | 'unknown' };

/**
 * The next thing to do so that somebody reads of it once. A channel that failed for certain makes room
 * for the next one. A message that may have gone out ends the chain, for the person may have it; only
 * in an emergency twice is better than not at all.
 */
export function nextStep(input: ChainInput): ChainStep {
  const { order, written, purpose } = input;
  const open = written.find(({ state }) => state === 'sending');
  if (open !== undefined) return afterSending(open, input.now);
  if (written.some(({ state }) => state === 'sent' || state === 'delivered')) {
    return { do: 'end', as: 'sent' };
  }
  const isUnsure = written.some(({ state }) => state === 'unknown');
  if (isUnsure && purpose !== 'emergency') return { do: 'end', as: 'unknown' };
  for (const channel of order) {
    const message = written.find((one) => one.channel === channel);
    const step = message === undefined ? begin(input, channel) : goOn(input, message);
    if (step !== undefined) return step;
  }
  return { do: 'end', as: isUnsure ? 'unknown' : 'failed' };
}

/** A try that is under way is waited for, whatever has changed meanwhile. */
export function afterSending({ id, triedAt }: Written, now: Date): ChainStep {
  if (isInterrupted(triedAt, now)) return { do: 'give_up_on', id };
  return { do: 'wait', until: new Date((triedAt?.getTime() ?? 0) + sendingLimitMs) };
}

/** Undefined: this channel is of no use, the next one is looked at. */
function begin(input: ChainInput, channel: MessageChannel): ChainStep | undefined {
  const address = input.addresses[channel];
  if (address === undefined) return undefined;
  const wait = heldBack(input, channel);
  if (wait === 'for_ever') return undefined;
  return wait ?? { do: 'write', channel, address };
}

/** A message that is to be tried, or tried again. One that has failed makes room for the next channel. */
function goOn(input: ChainInput, { id, channel, state, nextAt }: Written): ChainStep | undefined {
  if (state !== 'queued') return undefined;
  if (nextAt !== null && nextAt > input.now) return { do: 'wait', until: nextAt };
  const wait = heldBack(input, channel);
  if (wait === 'for_ever') return { do: 'withdraw', id };
  return wait ?? { do: 'send', id };
}

function heldBack(
  { now, loudFrom, until, purpose }: ChainInput,
  channel: MessageChannel,
): ChainStep | 'for_ever' | undefined {
  if (channel === 'email' || purpose === 'emergency') return undefined;
  if (loudFrom === null || (loudFrom > now && until !== null && loudFrom >= until)) {
    return 'for_ever';
  }
  return loudFrom > now ? { do: 'wait', until: loudFrom } : undefined;
}
