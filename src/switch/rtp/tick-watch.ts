import type { AudioState } from './media.types.ts';

/** Without a tick for so long, audio has stopped: far beyond what any telephone buffers. */
const stoppedMs = 250;
/** A tick that comes so late is heard as a gap by everybody. */
const lateMs = 100;
/** So long after the last late tick, audio counts as steady again. */
const steadyAfterMs = 10_000;

/** Judges from the times of the ticks whether audio flows. Plain numbers go in. */
export class TickWatch {
  /** How often audio had stopped, or was so late that it was heard. */
  stalls = 0;
  readonly #onChange: (state: AudioState) => void;
  #state: AudioState = 'flowing';
  #lastRunAt: number;
  #lastLateAt = -Infinity;
  #isIdle = true;
  #isStopped = false;

  constructor(now: number, onChange: (state: AudioState) => void) {
    this.#lastRunAt = now;
    this.#onChange = onChange;
  }

  get state(): AudioState {
    return this.#state;
  }

  onStart(now: number): void {
    this.#isIdle = false;
    this.#lastRunAt = now;
  }

  onIdle(): void {
    this.#isIdle = true;
    this.#isStopped = false;
    this.#lastLateAt = -Infinity;
    this.#setState('flowing');
  }

  onRun(now: number, behindMs: number): void {
    this.#lastRunAt = now;
    if (behindMs > lateMs) {
      // A stop that was noticed already is one stall, not two.
      if (!this.#isStopped) this.stalls += 1;
      this.#lastLateAt = now;
    }
    this.#isStopped = false;
  }

  /** Milliseconds of silence when the ticks have stopped and have to be started again. */
  onCheck(now: number): number | undefined {
    if (this.#isIdle) return undefined;
    const silentMs = now - this.#lastRunAt;
    if (silentMs > stoppedMs) {
      if (!this.#isStopped) this.stalls += 1;
      this.#isStopped = true;
      this.#lastLateAt = now;
      this.#setState('stopped');
      return Math.round(silentMs);
    }
    this.#setState(now - this.#lastLateAt < steadyAfterMs ? 'late' : 'flowing');
    return undefined;
  }

  #setState(state: AudioState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#onChange(state);
  }
}
