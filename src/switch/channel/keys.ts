import { timerMs } from './waiting.ts';

/** Longest run of keys kept for a leg that does not read them; the oldest go first. */
const maxKept = 64;

interface Key {
  digit: string;
  durationMs: number;
  source: string;
}

/** Keys that were pressed and that nothing has read yet. */
export class Keys {
  readonly #kept: Key[] = [];
  readonly #waiters = new Set<() => void>();

  put(key: Key): void {
    if (this.#kept.length >= maxKept) this.#kept.shift();
    this.#kept.push(key);
    for (const waiter of [...this.#waiters]) waiter();
  }

  take(): Key | undefined {
    return this.#kept.shift();
  }

  clear(): void {
    this.#kept.length = 0;
  }

  get isEmpty(): boolean {
    return this.#kept.length === 0;
  }

  /** Resolves when a key is there, the signal fires, or the time is over. */
  wait(signal: AbortSignal, timeoutMs?: number): Promise<void> {
    if (!this.isEmpty || signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const done = () => {
        this.#waiters.delete(done);
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        resolve();
      };
      const timer = timeoutMs === undefined ? undefined : setTimeout(done, timerMs(timeoutMs));
      this.#waiters.add(done);
      signal.addEventListener('abort', done, { once: true });
    });
  }
}
