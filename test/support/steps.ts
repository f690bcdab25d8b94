import { Session, type Profiler } from 'node:inspector';
import { setFlagsFromString } from 'node:v8';

/**
 * Counts how often each block of our own code runs, by V8's precise coverage: the same number however fast the
 * machine is. What a regular expression or a built-in function does inside is not seen; the former have a test of
 * their own, test/unit/regular-expressions.test.ts.
 */
export class StepCounter {
  readonly #session = new Session();
  readonly #of: RegExp;

  /** @param of the addresses of the files that are counted. */
  constructor(of: RegExp) {
    this.#of = of;
    // Optimised code does not count.
    setFlagsFromString('--no-opt');
    this.#session.connect();
    this.#session.post('Profiler.enable');
    this.#session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  }

  count(work: () => void): number {
    this.#take();
    work();
    return this.#take();
  }

  close(): void {
    this.#session.post('Profiler.stopPreciseCoverage');
    this.#session.disconnect();
    setFlagsFromString('--opt');
  }

  /** Since it was last asked; the answer comes in the same turn. */
  #take(): number {
    let steps = 0;
    const add = (_: Error | null, { result }: Profiler.TakePreciseCoverageReturnType) => {
      for (const { url, functions } of result) {
        if (!this.#of.test(url)) continue;
        for (const { ranges } of functions) for (const { count } of ranges) steps += count;
      }
    };
    this.#session.post('Profiler.takePreciseCoverage', add);
    return steps;
  }
}
