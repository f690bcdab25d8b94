import type { FrameListener, MediaSession, Tap } from '../../rtp/index.ts';
import { mixInto } from '../../rtp/index.ts';
import type { Channel } from '../channel.ts';
import type { Run } from '../channel.types.ts';
import type { Board } from '../board.types.ts';
import { aborted } from '../waiting.ts';

/** Whom a supervisor speaks to: the leg that is watched, the one that it talks to, or both. */
interface Voice {
  toLeg: boolean;
  toPartner: boolean;
}

/** Frames kept between two tickers of different phase; more is delay. */
const maxFrames = 3;

/** `eavesdrop <uuid>`: listens to a leg; keys or variables choose who hears the supervisor. */
export async function eavesdrop(
  board: Board,
  supervisor: Channel,
  argument: string,
  run: Run,
): Promise<string> {
  // FreeSWITCH names them from the leg's side: "aleg" is into what the leg says, so its partner hears.
  return watch(board, supervisor, argument.trim(), run, {
    toLeg: supervisor.isTrue('eavesdrop_whisper_bleg'),
    toPartner: supervisor.isTrue('eavesdrop_whisper_aleg'),
  });
}

/** `three_way <uuid>`: all three hear each other. */
export function threeWay(
  board: Board,
  supervisor: Channel,
  argument: string,
  run: Run,
): Promise<string> {
  return watch(board, supervisor, argument.trim(), run, { toLeg: true, toPartner: true });
}

async function watch(
  board: Board,
  supervisor: Channel,
  uuid: string,
  run: Run,
  voice: Voice,
): Promise<string> {
  const leg = board.channels.get(uuid);
  await supervisor.preAnswer();
  const { media } = supervisor;
  if (leg?.media === undefined || leg.isGone || media === undefined || leg === supervisor) {
    return '_none_';
  }
  const both =
    !supervisor.isTrue('eavesdrop_bridge_aleg') && !supervisor.isTrue('eavesdrop_bridge_bleg');
  const tap = new SupervisorTap(voice, {
    said: both || supervisor.isTrue('eavesdrop_bridge_aleg'),
    heard: both || supervisor.isTrue('eavesdrop_bridge_bleg'),
  });
  const about = [
    ['Media-Bug-Function', 'eavesdrop'],
    ['Media-Bug-Target', uuid],
  ] as const;
  leg.media.taps.add(tap);
  leg.publish('MEDIA_BUG_START', about);
  media.taps.addListener(tap.onVoice);
  media.playback.setBackground(tap);
  const over = new AbortController();
  const signal = AbortSignal.any([run.signal, leg.gone, over.signal]);
  const takesKeys = (supervisor.variables.get('eavesdrop_enable_dtmf') ?? 'true') === 'true';
  const keys = takesKeys ? followKeys(supervisor, voice, signal, over) : Promise.resolve();
  await aborted(signal);
  await keys;
  leave(leg.media, media, tap);
  leg.publish('MEDIA_BUG_STOP', about);
  return '_none_';
}

function leave(leg: MediaSession, supervisor: MediaSession, tap: SupervisorTap): void {
  leg.taps.remove(tap);
  supervisor.taps.removeListener(tap.onVoice);
  supervisor.playback.setBackground(undefined);
}

/** 1 speaks to the partner, 2 to the leg, 3 to both, 0 to nobody; the asterisk ends it. */
async function followKeys(
  supervisor: Channel,
  voice: Voice,
  signal: AbortSignal,
  over: AbortController,
): Promise<void> {
  while (!signal.aborted) {
    await supervisor.keys.wait(signal);
    const digit = signal.aborted ? undefined : supervisor.keys.take();
    switch (digit) {
      case '0':
      case '1':
      case '2':
      case '3':
        voice.toPartner = digit === '1' || digit === '3';
        voice.toLeg = digit === '2' || digit === '3';
        break;
      case '*':
        over.abort();
        break;
      default:
        break;
    }
  }
}

/** Both an ear on the leg and the sound that the supervisor hears. */
class SupervisorTap implements Tap {
  readonly #voice: Voice;
  readonly #wants: { said: boolean; heard: boolean };
  readonly #forSupervisor: Int16Array[] = [];
  readonly #forLeg: Int16Array[] = [];
  readonly #forPartner: Int16Array[] = [];

  constructor(voice: Voice, wants: { said: boolean; heard: boolean }) {
    this.#voice = voice;
    this.#wants = wants;
  }

  onFrame(incoming: Int16Array, outgoing: Int16Array): void {
    const frame = new Int16Array(incoming.length);
    if (this.#wants.said && this.#wants.heard) mixInto(frame, incoming, outgoing);
    else frame.set(this.#wants.said ? incoming : outgoing);
    keep(this.#forSupervisor, frame);
  }

  readonly onVoice: FrameListener = (incoming) => {
    if (this.#voice.toLeg) keep(this.#forLeg, incoming.slice());
    if (this.#voice.toPartner) keep(this.#forPartner, incoming.slice());
  };

  toFarEnd(): Int16Array | undefined {
    const frame = this.#forLeg.shift();
    return this.#voice.toLeg ? frame : undefined;
  }

  toOthers(): Int16Array | undefined {
    const frame = this.#forPartner.shift();
    return this.#voice.toPartner ? frame : undefined;
  }

  /** The next frame for the supervisor; silence while none is there. */
  next(): Int16Array {
    return this.#forSupervisor.shift() ?? silence;
  }
}

const silence = new Int16Array(160);

function keep(queue: Int16Array[], frame: Int16Array): void {
  queue.push(frame);
  if (queue.length > maxFrames) queue.shift();
}
