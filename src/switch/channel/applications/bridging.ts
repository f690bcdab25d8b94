import { openAudio } from './audio.ts';
import type { Cause } from '../causes.ts';
import type { Channel } from '../channel.ts';
import type { Run, Step } from '../channel.types.ts';
import { dial } from '../../legs/dialing.ts';
import { aborted, pause } from '../waiting.ts';
import type { Board } from '../board.types.ts';

/** Two legs that talk, until one of them leaves. */
class Bridge {
  readonly a: Channel;
  readonly b: Channel;
  readonly #ended = new AbortController();

  constructor(a: Channel, b: Channel) {
    this.a = a;
    this.b = b;
    const now = Date.now();
    for (const [leg, other] of this.#pairs()) {
      leg.other = other;
      leg.otherLeg = other;
      leg.times.bridged = now;
      leg.variables.set('bridge_uuid', other.uuid);
      leg.variables.set('signal_bond', other.uuid);
      leg.media?.playback.setBackground(undefined);
    }
    a.isOriginator = true;
    b.isOriginator = false;
    if (b.media !== undefined) a.media?.bridge(b.media);
    a.publish('CHANNEL_BRIDGE', this.#headers());
    for (const [leg, other] of this.#pairs()) leg.onBridged(other);
  }

  get ended(): AbortSignal {
    return this.#ended.signal;
  }

  end(): void {
    if (this.#ended.signal.aborted) return;
    const { a, b } = this;
    a.media?.unbridge();
    for (const [leg, other] of this.#pairs()) {
      if (leg.callState === 'HELD' && leg.hangupCause !== undefined) leaveHeld(leg, other);
      leg.music.stop();
      leg.variables.delete('signal_bond');
      leg.variables.set('last_bridge_to', other.uuid);
    }
    a.variables.set('bridge_hangup_cause', b.hangupCause ?? 'NORMAL_CLEARING');
    a.publish('CHANNEL_UNBRIDGE', this.#headers());
    a.other = undefined;
    b.other = undefined;
    this.#ended.abort();
  }

  #pairs() {
    return [
      [this.a, this.b],
      [this.b, this.a],
    ] as const;
  }

  #headers() {
    return [
      ['Bridge-A-Unique-ID', this.a.uuid],
      ['Bridge-B-Unique-ID', this.b.uuid],
    ] as const;
  }
}

/**
 * FreeSWITCH ends the partner of a leg that hangs up while it holds, whatever `park_after_bridge` says,
 * unless the leg names a place for it.
 */
function leaveHeld(leg: Channel, partner: Channel): void {
  const place = leg.variables.get('hold_hangup_xfer_exten');
  if (place === undefined) partner.hangup('NORMAL_CLEARING');
  else partner.setVariable('transfer_after_bridge', place);
}

/** Stays in the bridge until it ends or the leg is called away. */
async function stay(bridge: Bridge, run: Run): Promise<void> {
  await aborted(AbortSignal.any([run.signal, bridge.ended]));
  bridge.end();
}

/**
 * What a leg does once its partner has left: transfer, park, or for one that has nothing else to do the
 * end. A leg that ran `bridge` goes on with its dialplan unless `hangup_after_bridge` says otherwise.
 */
function afterBridge(board: Board, leg: Channel, other: Channel, hasMore: boolean): void {
  if (leg.isGone || leg.steps.isRedirected) return;
  const transfer = leg.variables.get('transfer_after_bridge');
  if (leg.isTrue('park_after_bridge')) leg.steps.redirect([quietPark(board, leg)]);
  else if (transfer !== undefined) {
    leg.setVariable('transfer_after_bridge', undefined);
    const [extension = '', dialplan, context] = transfer.split(':');
    board.transfer(leg, extension, dialplan, context);
  } else if (!hasMore) leg.hangup('NORMAL_CLEARING');
  else if (leg.isTrue('hangup_after_bridge')) leg.hangup(other.hangupCause ?? 'NORMAL_CLEARING');
}

/** How FreeSWITCH parks a leg that no dialplan sent there: without an application. */
export function quietPark(board: Board, leg: Channel): Step {
  return {
    application: 'park',
    argument: '',
    state: 'CS_PARK',
    isQuiet: true,
    task: (run) => park(board, leg, run),
  };
}

/** Waits for what the service says, with music if `park_music` names some. */
export async function park(board: Board, leg: Channel, run: Run): Promise<string> {
  leg.isParked = true;
  leg.publish('CHANNEL_PARK');
  const music = leg.variables.get('park_music');
  if (leg.isAnswered && music !== undefined) {
    leg.media?.playback.setBackground(await openAudio(board.media, music));
  }
  leg.keys.handOn();
  await aborted(run.signal);
  leg.isParked = false;
  leg.publish('CHANNEL_UNPARK');
  return '_none_';
}

/** `uuid_bridge`: both legs leave what they do and talk. */
export function connect(board: Board, a: Channel, b: Channel): void {
  let meet: (bridge: Bridge | undefined) => void = () => undefined;
  const met = new Promise<Bridge | undefined>((resolve) => {
    meet = resolve;
  });
  // What the second leg did may take a moment to end; it may also be called away before that.
  let come: (isHere: boolean) => void = () => undefined;
  const hasCome = new Promise<boolean>((resolve) => {
    come = resolve;
  });
  const step = (other: Channel, task: NonNullable<Step['task']>): Step => ({
    application: 'uuid_bridge',
    argument: other.uuid,
    state: 'CS_SOFT_EXECUTE',
    isEndless: true,
    task,
  });
  const lead = async (run: Run): Promise<string> => {
    await Promise.all([a.answer(), b.answer()]);
    const leaves = AbortSignal.any([run.signal, b.gone]);
    const isHere = await Promise.race([hasCome, aborted(leaves).then(() => false)]);
    const canTalk = isHere && !a.isGone && !leaves.aborted && !b.steps.isRedirected;
    const bridge = canTalk ? new Bridge(a, b) : undefined;
    meet(bridge);
    if (bridge !== undefined) await stay(bridge, run);
    afterBridge(board, a, b, true);
    return '_none_';
  };
  const follow = async (run: Run): Promise<string> => {
    b.state = 'CS_EXCHANGE_MEDIA';
    come(true);
    const waited = pause(meetLimitMs, run.signal).then(() => undefined);
    const bridge = await Promise.race([met, waited]);
    if (bridge !== undefined) await stay(bridge, run);
    afterBridge(board, b, a, false);
    return '_none_';
  };
  // The first leg goes on with its dialplan afterwards; the second has nothing else to do.
  a.steps.redirect([step(b, lead)], { keepsRest: true });
  b.steps.redirect([{ ...step(a, follow), onDropped: () => come(false) }]);
}

/** The other leg may have been called away before it came. */
const meetLimitMs = 5000;

/** The `bridge` application: dials, connects, and waits until one side leaves. */
export async function bridgeTo(
  board: Board,
  channel: Channel,
  dialString: string,
  run: Run,
): Promise<string> {
  const ringback = channel.variables.get('ringback') ?? channel.variables.get('transfer_ringback');
  if (channel.isAnswered && ringback !== undefined) {
    channel.media?.playback.setBackground(await openAudio(board.media, ringback));
  }
  const result = await dial(board, { dialString, originator: channel, signal: run.signal });
  channel.media?.playback.setBackground(undefined);
  channel.variables.set(
    'originate_disposition',
    result.channel === undefined ? result.cause : 'SUCCESS',
  );
  channel.variables.set('DIALSTATUS', dialStatusOf(result.cause));
  if (result.channel === undefined) {
    onFailed(channel, result.cause);
    return '_none_';
  }
  const other = result.channel;
  await (other.isAnswered ? channel.answer() : channel.preAnswer());
  const bridge =
    channel.isGone || other.isGone || run.signal.aborted ? undefined : new Bridge(channel, other);
  void other.steps.run([
    {
      application: 'bridge',
      argument: '',
      state: 'CS_EXCHANGE_MEDIA',
      isQuiet: true,
      task: async (ownRun) => {
        if (bridge !== undefined) await stay(bridge, ownRun);
        afterBridge(board, other, channel, false);
        return '_none_';
      },
    },
  ]);
  if (bridge === undefined) return '_none_';
  // An early bridge becomes a paid one when the called phone answers.
  if (!other.isAnswered) other.onAnswered = () => void channel.answer();
  await stay(bridge, run);
  afterBridge(board, channel, other, true);
  return '_none_';
}

function onFailed(channel: Channel, cause: Cause): void {
  if (channel.isGone || channel.steps.isRedirected) return;
  channel.variables.set('originate_failed_cause', cause);
  const goesOn = channel.variables.get('continue_on_fail');
  const isContinued = goesOn === 'true' || (goesOn?.split(',').includes(cause) ?? false);
  if (!isContinued) channel.hangup(cause);
}

function dialStatusOf(cause: Cause): string {
  switch (cause) {
    case 'NORMAL_CLEARING':
      return 'SUCCESS';
    case 'USER_BUSY':
      return 'BUSY';
    case 'NO_ANSWER':
    case 'NO_USER_RESPONSE':
      return 'NOANSWER';
    case 'ORIGINATOR_CANCEL':
      return 'CANCEL';
    default:
      return 'CHANUNAVAIL';
  }
}
