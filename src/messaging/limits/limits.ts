/**
 * What may keep a message from going out, whoever writes it: campaigns, payment links, articles. Plain data in, a
 * verdict out; `facts.ts` reads the rows in the transaction that writes the try down.
 */
import { rulesFor, type DoNotCallScope, type Purpose } from '../../contract/call-rules.ts';
import type { MessageChannel } from '../../db/index.ts';
import { nextAllowedTime } from '../../property/index.ts';
import type { MessageReason } from '../delivery/message.states.ts';
import { channelOrder } from '../preferences/channels.ts';
import type { ChosenWish } from '../preferences/wishes.ts';

/** As the settings have them. */
export interface LimitSettings {
  /** Messages to one number or mailbox within 24 hours; an emergency goes out beyond it. */
  perAddress: number;
  /** Messages of a channel that one process hands to its carrier in a second. */
  perSecond: number;
}

export interface LimitInput {
  channel: MessageChannel;
  purpose: Purpose;
  topic: string | null;
  /** The person asked for it this minute: neither the hour nor what they chose on other days stands in its way. */
  isAsked: boolean;
  /** A named person took the responsibility, and the rules of the purpose let them. */
  isOverridden: boolean;
  now: Date;
  /** IANA zone of the person's home. */
  zone: string;
  /** Entries in force of the number or the person. */
  doNotCall: readonly { scope: string; until: Date | null }[];
  wish: ChosenWish | undefined;
  /** When the address got others within the last 24 hours. */
  earlier: readonly Date[];
  perAddress: number;
}

export type LimitName = 'do_not_call' | 'not_wanted' | 'hours' | 'per_address';

export type LimitVerdict =
  | { may: true }
  /** `until`: when to ask again; null when it never will be right. */
  | { may: false; limit: LimitName; until: Date | null; reason: MessageReason };

export function mayWrite(input: LimitInput): LimitVerdict {
  return (
    onDoNotCallList(input) ??
    optedOut(input) ??
    atWrongHour(input) ??
    tooMany(input) ?? { may: true }
  );
}

function onDoNotCallList(input: LimitInput): LimitVerdict | undefined {
  const { doNotCall, now, isOverridden } = input;
  const scopes: readonly string[] = rulesFor(input).doNotCall satisfies readonly DoNotCallScope[];
  const isListed = doNotCall.some(
    ({ scope, until }) => scopes.includes(scope) && (until === null || until > now),
  );
  return isListed && !isOverridden ? never('do_not_call', 'no_longer_true') : undefined;
}

function optedOut({
  isAsked,
  channel,
  purpose,
  topic,
  wish,
}: LimitInput): LimitVerdict | undefined {
  const isWanted = channelOrder([channel], purpose, wish, topic ?? undefined).length > 0;
  return isAsked || isWanted ? undefined : never('not_wanted', 'no_longer_true');
}

/** Mails wait in silence, and emergencies do not wait. */
function atWrongHour(input: LimitInput): LimitVerdict | undefined {
  const { isAsked, channel, purpose, now, zone, wish } = input;
  if (isAsked || channel === 'email' || purpose === 'emergency') return undefined;
  const from = nextAllowedTime(now, zone, purpose, wish?.hours ?? null);
  if (from === null) return never('hours', 'too_late');
  return from > now ? { may: false, limit: 'hours', until: from, reason: 'too_late' } : undefined;
}

/** News that waits a day is none: the next way of a campaign is looked at, and no caller is promised a text. */
function tooMany({ purpose, earlier, perAddress }: LimitInput): LimitVerdict | undefined {
  const isFull = purpose !== 'emergency' && earlier.length >= perAddress;
  return isFull ? never('per_address', 'limit') : undefined;
}

function never(limit: LimitName, reason: MessageReason): LimitVerdict {
  return { may: false, limit, until: null, reason };
}
