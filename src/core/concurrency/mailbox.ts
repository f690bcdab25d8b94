import type { Log } from '../log.ts';

/**
 * Runs tasks one at a time, in the order in which they came. One per call, one per agent.
 * A task that throws is logged and does not stop the ones behind it.
 */
export class Mailbox {
  #tail: Promise<void> = Promise.resolve();
  #length = 0;
  readonly #log: Log;
  readonly #limit: number;

  constructor(log: Log, limit = 10_000) {
    this.#log = log;
    this.#limit = limit;
  }

  /** How many tasks wait or run. */
  get length(): number {
    return this.#length;
  }

  /** Queues a task; resolves when it has run, also when it failed (the failure is logged). */
  post(task: () => void | Promise<void>): Promise<void> {
    if (this.#length >= this.#limit) {
      this.#log.error({ limit: this.#limit }, 'mailbox is full, task dropped');
      return Promise.resolve();
    }
    this.#length += 1;
    this.#tail = this.#tail.then(async () => {
      try {
        await task();
      } catch (error) {
        this.#log.error({ err: error }, 'mailbox task failed');
      } finally {
        this.#length -= 1;
      }
    });
    return this.#tail;
  }

  /** Resolves when everything posted so far has run. */
  idle(): Promise<void> {
    return this.#tail;
  }
}
