/** Gives a place back. */
export type Release = () => void;

/**
 * How many messages of a channel are with its carrier at once. One that hangs keeps its own places busy
 * and nobody else's; whoever finds none free gets a time to come back, later ones later.
 */
export class Places {
  readonly #most: number;
  #taken = 0;
  /** Mean time that a carrier takes, the latest ones counting most. */
  #meanMs = 100;
  #nextAt = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /** A place, or when to ask again, in milliseconds of `nowMs`'s clock. */
  take(nowMs: number): Release | number {
    if (this.#taken >= this.#most) {
      this.#nextAt = Math.max(this.#nextAt, nowMs + soonestMs) + this.#meanMs / this.#most;
      return Math.min(this.#nextAt, nowMs + latestMs);
    }
    this.#taken += 1;
    const began = performance.now();
    return () => {
      this.#taken -= 1;
      const tookMs = performance.now() - began;
      this.#meanMs += (tookMs - this.#meanMs) / 8;
      // It answers again: nobody is to wait for times that were given while it hung.
      if (tookMs < soonestMs) this.#nextAt = 0;
    };
  }
}

const soonestMs = 1000;
const latestMs = 10 * 60_000;
