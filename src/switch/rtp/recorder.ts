import { performance } from 'node:perf_hooks';
import { messageOf } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import type { Recorder, RecordOptions, RecordResult } from './media.types.ts';
import { mixInto } from './mix.ts';
import { WavWriter } from './wav.ts';

const frameMs = 20;
/** Ticks that are late by less are made up for; see `Ticker`. */
const lateMs = 120;
/** A machine that was suspended for longer has lost more than a file should show. */
const mostLostMs = 60_000;

/**
 * Frames that a machine which stood still owes the file: silence in their place, so that its length stays the time
 * that it covers.
 */
export function framesLost(elapsedMs: number, writtenMs: number): number {
  const behindMs = elapsedMs - writtenMs;
  return behindMs < lateMs ? 0 : Math.floor(Math.min(behindMs, mostLostMs) / frameMs);
}

const silence = new Int16Array(160);
const mixed = new Int16Array(160);

/** Mean of absolute samples: the loudness that silence is measured by. */
export function levelOf(frame: Int16Array): number {
  let sum = 0;
  for (const sample of frame) sum += Math.abs(sample);
  return sum / Math.max(1, frame.length);
}

export class FileRecorder implements Recorder {
  readonly path: string;
  readonly #options: RecordOptions;
  readonly #log: Log;
  /** Undefined when the file could not be made: then nothing is recorded, and the call goes on. */
  readonly #writer: WavWriter | undefined;
  readonly #onGone: (recorder: FileRecorder) => void;
  readonly #now: () => number;
  #isMasked = false;
  #silentMs = 0;
  /** When the first frame came. */
  #since: number | undefined;
  #result: RecordResult | undefined;

  /** A file that cannot be made is told by `onStopped` with the first frame. */
  constructor(
    options: RecordOptions,
    log: Log,
    onGone: (recorder: FileRecorder) => void,
    now: () => number = () => performance.now(),
  ) {
    this.#now = now;
    this.path = options.path;
    this.#options = options;
    this.#log = log;
    this.#onGone = onGone;
    try {
      this.#writer = new WavWriter(options.path, options.mode === 'stereo' ? 2 : 1);
    } catch (error) {
      log.error({ reason: messageOf(error) }, 'recording not started');
    }
  }

  mask(): void {
    this.#isMasked = true;
  }

  unmask(): void {
    this.#isMasked = false;
  }

  stop(): RecordResult {
    return this.finish('stopped');
  }

  onFrame(incoming: Int16Array, outgoing: Int16Array): void {
    const writer = this.#writer;
    if (writer === undefined) {
      this.finish('failed');
      return;
    }
    try {
      this.#catchUp(writer);
      this.#write(writer, incoming, outgoing);
    } catch (error) {
      this.#log.error({ reason: messageOf(error) }, 'recording not written');
      this.finish('failed');
      return;
    }
    const { limitMs, silence: quiet } = this.#options;
    if (limitMs !== undefined && writer.samples >= limitMs * 8) this.finish('limit');
    else if (quiet !== undefined) {
      this.#silentMs = levelOf(incoming) < quiet.level ? this.#silentMs + 20 : 0;
      if (this.#silentMs >= quiet.durationMs) this.finish('silence');
    }
  }

  finish(reason: RecordResult['reason']): RecordResult {
    if (this.#result !== undefined) return this.#result;
    try {
      this.#writer?.close();
    } catch (error) {
      this.#log.error({ reason: messageOf(error) }, 'recording not closed');
    }
    const samples = this.#writer?.samples ?? 0;
    this.#result = { path: this.path, samples, durationMs: samples / 8, reason };
    this.#onGone(this);
    this.#options.onStopped?.(this.#result);
    return this.#result;
  }

  #catchUp(writer: WavWriter): void {
    const now = this.#now();
    this.#since ??= now;
    const lost = framesLost(now - this.#since, writer.samples / 8);
    for (let frame = 0; frame < lost; frame += 1) this.#write(writer, silence, silence);
  }

  #write(writer: WavWriter, incoming: Int16Array, outgoing: Int16Array): void {
    const heard = this.#isMasked ? silence : incoming;
    const said = this.#isMasked ? silence : outgoing;
    if (this.#options.mode === 'stereo') writer.write(heard, said);
    else if (this.#options.mode === 'incoming') writer.write(heard);
    else {
      mixInto(mixed, heard, said);
      writer.write(mixed);
    }
  }
}
