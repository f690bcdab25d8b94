import { performance } from 'node:perf_hooks';
import { messageOf } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import type { AudioState } from './media.types.ts';
import { TickWatch } from './tick-watch.ts';

export const tickMs = 20;
const phases = 4;
/** After a longer stall (a suspended machine) the clock jumps instead of sending a burst. */
const maxCatchUpTicks = 5;
/** How often somebody looks whether the ticks still come. */
const watchMs = 250;

type Tick = () => void;
type OnError = (error: unknown) => void;

/**
 * One timer for all sessions, with absolute deadlines. Sessions are spread over four phases 5 ms
 * apart: sending all packets in one burst fills socket buffers and delays the last by milliseconds.
 *
 * A tick that throws is taken out and told of; the others go on. A second timer looks after the first.
 */
export class Ticker {
  readonly #groups: Map<Tick, OnError>[] = Array.from(
    { length: phases },
    () => new Map<Tick, OnError>(),
  );
  readonly #log: Log;
  readonly #watch: TickWatch;
  #next = performance.now();
  #phase = 0;
  #timer: NodeJS.Timeout | undefined;
  #watchdog: NodeJS.Timeout | undefined;

  constructor(log: Log, onChange: (state: AudioState) => void = () => undefined) {
    this.#log = log;
    this.#watch = new TickWatch(performance.now(), onChange);
  }

  get state(): AudioState {
    return this.#watch.state;
  }

  get stalls(): number {
    return this.#watch.stalls;
  }

  /** `onError` is told once if the tick throws; it is not called again after that. */
  add(tick: Tick, onError: OnError): void {
    const smallest = this.#groups.reduce((a, b) => (b.size < a.size ? b : a));
    smallest.set(tick, onError);
    if (this.#timer === undefined) this.#start();
  }

  remove(tick: Tick): void {
    for (const group of this.#groups) group.delete(tick);
    if (this.#groups.every((group) => group.size === 0)) this.stop();
  }

  stop(): void {
    clearTimeout(this.#timer);
    clearInterval(this.#watchdog);
    this.#timer = undefined;
    this.#watchdog = undefined;
    this.#watch.onIdle();
  }

  #start(): void {
    this.#next = performance.now();
    this.#watch.onStart(this.#next);
    this.#arm();
    this.#watchdog = setInterval(() => this.#check(), watchMs);
  }

  #arm(): void {
    const wait = this.#next - performance.now();
    this.#timer = setTimeout(() => this.#run(), Math.max(0, Math.round(wait)));
  }

  #run(): void {
    try {
      const now = performance.now();
      this.#watch.onRun(now, now - this.#next);
      if (now - this.#next > maxCatchUpTicks * tickMs) this.#next = now;
      while (this.#next <= now + 0.5) {
        this.#runGroup(this.#groups[this.#phase]);
        this.#phase = (this.#phase + 1) % phases;
        this.#next += tickMs / phases;
      }
    } finally {
      if (this.#timer !== undefined) this.#arm();
    }
  }

  #runGroup(group: Map<Tick, OnError> | undefined): void {
    for (const [tick, onError] of group ?? []) {
      try {
        tick();
      } catch (error) {
        group?.delete(tick);
        this.#tell(error, onError);
      }
    }
  }

  #tell(error: unknown, onError: OnError): void {
    try {
      onError(error);
    } catch (second) {
      this.#log.error({ err: second, reason: messageOf(error) }, 'failed media tick not reported');
    }
  }

  /** The ticks stopped though there is somebody to tick: says so, and starts them again. */
  #check(): void {
    const now = performance.now();
    const silentMs = this.#watch.onCheck(now);
    if (silentMs === undefined) return;
    const legs = this.#groups.reduce((sum, group) => sum + group.size, 0);
    this.#log.error({ silentMs, legs }, 'audio had stopped for all calls; it is started again');
    clearTimeout(this.#timer);
    this.#next = now;
    this.#arm();
  }
}
