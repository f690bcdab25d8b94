import type { Log } from '../../../core/log.ts';
import type { FrameListener, MediaTaps, Recorder, RecordOptions, Tap } from '../media.types.ts';
import { mixInto } from '../mix.ts';
import { FileRecorder } from '../recorder.ts';
import { frameSamples } from './frame.ts';

/** Everybody who looks at the samples of a leg: listeners, recorders, and taps that may speak too. */
export class AudioTaps implements MediaTaps {
  readonly #listeners = new Set<FrameListener>();
  readonly #recorders = new Set<FileRecorder>();
  readonly #taps = new Set<Tap>();
  readonly #log: Log;

  constructor(log: Log) {
    this.#log = log;
  }

  /** Nobody looks: packets may pass as they are. */
  get isEmpty(): boolean {
    return this.#listeners.size + this.#recorders.size + this.#taps.size === 0;
  }

  /** Somebody may speak. */
  get hasVoices(): boolean {
    return this.#taps.size > 0;
  }

  add(tap: Tap): void {
    this.#taps.add(tap);
  }

  remove(tap: Tap): void {
    this.#taps.delete(tap);
  }

  addListener(listener: FrameListener): void {
    this.#listeners.add(listener);
  }

  removeListener(listener: FrameListener): void {
    this.#listeners.delete(listener);
  }

  record(options: RecordOptions): Recorder {
    const recorder = new FileRecorder(options, this.#log, (gone) => this.#recorders.delete(gone));
    this.#recorders.add(recorder);
    return recorder;
  }

  onFrame(incoming: Int16Array, outgoing: Int16Array): void {
    for (const tap of this.#taps) tap.onFrame(incoming, outgoing);
    for (const listener of [...this.#listeners]) listener(incoming, outgoing);
    for (const recorder of [...this.#recorders]) recorder.onFrame(incoming, outgoing);
  }

  /** The frame with those who whisper into it. */
  withVoices(frame: Int16Array, to: 'toFarEnd' | 'toOthers'): Int16Array {
    let mixed = frame;
    for (const tap of this.#taps) {
      const said = tap[to]();
      if (said === undefined) continue;
      if (tap.isAlone === true) return padded(said);
      const sum = new Int16Array(frameSamples);
      mixInto(sum, mixed, said);
      mixed = sum;
    }
    return mixed;
  }

  close(): void {
    for (const recorder of [...this.#recorders]) recorder.finish('closed');
  }
}

/** The end of a file may be shorter than a frame. */
function padded(frame: Int16Array): Int16Array {
  if (frame.length === frameSamples) return frame;
  const full = new Int16Array(frameSamples);
  full.set(frame);
  return full;
}
