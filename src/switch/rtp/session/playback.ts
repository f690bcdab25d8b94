import type { AudioSource, MediaPlayback, PlayEnd } from '../media.types.ts';

/** What a leg is played: one source at a time, and a background while nothing else is heard. */
export class Playback implements MediaPlayback {
  #playing: { source: AudioSource; samples: number; end: (end: PlayEnd) => void } | undefined;
  #background: AudioSource | undefined;
  #isClosed = false;

  get isPlaying(): boolean {
    return this.#playing !== undefined;
  }

  start(source: AudioSource): Promise<PlayEnd> {
    this.stop();
    return new Promise((resolve) => {
      if (this.#isClosed) resolve({ reason: 'stopped', samples: 0 });
      else this.#playing = { source, samples: 0, end: resolve };
    });
  }

  stop(): void {
    this.#end('stopped');
  }

  setBackground(source: AudioSource | undefined): void {
    this.#background = source;
  }

  /** The next frame of what plays; undefined when nothing does, or it has just ended. */
  next(): Int16Array | undefined {
    const playing = this.#playing;
    if (playing === undefined) return undefined;
    const frame = playing.source.next();
    if (frame === undefined) {
      this.#end('finished');
      return undefined;
    }
    playing.samples += frame.length;
    return frame;
  }

  nextOfBackground(): Int16Array | undefined {
    return this.#background?.next();
  }

  close(): void {
    this.#isClosed = true;
    this.stop();
  }

  #end(reason: PlayEnd['reason']): void {
    const playing = this.#playing;
    this.#playing = undefined;
    playing?.end({ reason, samples: playing.samples });
  }
}
