import { performance } from 'node:perf_hooks';

export const tickMs = 20;
const phases = 4;
/** After a longer stall (a suspended machine) the clock jumps instead of sending a burst. */
const maxCatchUpTicks = 5;

type Tick = () => void;

/**
 * One timer for all sessions, with absolute deadlines. Sessions are spread over four phases 5 ms
 * apart: sending all packets in one burst fills socket buffers and delays the last by milliseconds.
 */
export class Ticker {
  readonly #groups: Set<Tick>[] = Array.from({ length: phases }, () => new Set<Tick>());
  #next = performance.now();
  #phase = 0;
  #timer: NodeJS.Timeout | undefined;

  add(tick: Tick): void {
    const smallest = this.#groups.reduce((a, b) => (b.size < a.size ? b : a));
    smallest.add(tick);
    if (this.#timer === undefined) {
      this.#next = performance.now();
      this.#arm();
    }
  }

  remove(tick: Tick): void {
    for (const group of this.#groups) group.delete(tick);
    if (this.#groups.every((group) => group.size === 0)) this.stop();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #arm(): void {
    const wait = this.#next - performance.now();
    this.#timer = setTimeout(() => this.#run(), Math.max(0, Math.round(wait)));
  }

  #run(): void {
    const now = performance.now();
    if (now - this.#next > maxCatchUpTicks * tickMs) this.#next = now;
    while (this.#next <= now + 0.5) {
      for (const tick of this.#groups[this.#phase] ?? []) tick();
      this.#phase = (this.#phase + 1) % phases;
      this.#next += tickMs / phases;
    }
    if (this.#timer !== undefined) this.#arm();
  }
}
