import { fullBucket, take, type Bucket } from '../../core/concurrency/token-bucket.ts';

/** Gives a place back. */
export type Release = () => void;

/**
 * How many messages of a channel are with its carrier at once, and how many are begun in a second. One that
 * hangs keeps its own places busy and nobody else's; whoever finds none free gets a time to come back,
 * later ones later.
 */
export class Semaphore {
  readonly #most: number;
  #taken = 0;
  /** Mean time that a carrier takes, the latest ones counting most. */
  #meanMs = 100;
  #nextAt = 0;
  #bucket: Bucket | undefined;

  constructor(most: number, perSecond?: number) {
    this.#most = most;
    if (perSecond !== undefined) this.#bucket = fullBucket(perSecond, 0);
  }

  /** A place, or when to ask again, in milliseconds of `nowMs`'s clock. */
  take(nowMs: number): Release | number {
    if (this.#taken >= this.#most) return this.#later(nowMs, this.#meanMs / this.#most);
    if (this.#bucket !== undefined) {
      const { bucket, got } = take(this.#bucket, 1, nowMs);
      this.#bucket = bucket;
      if (got === 0) return this.#later(nowMs, 1000 / bucket.perSecond);
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

  #later(nowMs: number, pauseMs: number): number {
    this.#nextAt = Math.max(this.#nextAt, nowMs + soonestMs) + pauseMs;
    return Math.min(this.#nextAt, nowMs + latestMs);
  }
}

const soonestMs = 1000;
const latestMs = 10 * 60_000;
