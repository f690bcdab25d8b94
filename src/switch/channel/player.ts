import type { AudioSource, MediaSession } from '../rtp/index.ts';

export interface PlayResult {
  isBroken: boolean;
  samples: number;
}

/** What one leg hears: a file started while another plays is played within that one. */
export class Player {
  #playing: { source: AudioSource } | undefined;
  #resumeOuter: (() => void) | undefined;

  /** Plays to the end, or until the signal; a leg without audio hears nothing. */
  async play(
    media: MediaSession | undefined,
    source: AudioSource,
    signal: AbortSignal,
  ): Promise<PlayResult> {
    if (signal.aborted || media === undefined) return { isBroken: true, samples: 0 };
    const outer = this.#playing;
    const own = { source };
    this.#playing = own;
    const stop = () => {
      if (this.#playing === own) media.playback.stop();
    };
    signal.addEventListener('abort', stop);
    let samples = 0;
    for (;;) {
      const end = await media.playback.start(source);
      samples += end.samples;
      if (end.reason === 'finished' || signal.aborted || this.#playing === own) break;
      await this.#innerDone(own, signal);
      if (signal.aborted as boolean) break;
    }
    signal.removeEventListener('abort', stop);
    if (this.#playing === own) this.#playing = outer;
    this.#resumeOuter?.();
    return { isBroken: signal.aborted, samples };
  }

  #innerDone(own: object, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const check = () => {
        if (this.#playing !== own && !signal.aborted) return;
        this.#resumeOuter = undefined;
        resolve();
      };
      this.#resumeOuter = check;
      signal.addEventListener('abort', check, { once: true });
      check();
    });
  }
}
