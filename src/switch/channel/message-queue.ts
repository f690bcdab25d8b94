import type { ApplicationRuns } from './application-runs.ts';
import type { Message } from './channel.types.ts';

const maxQueued = 500;

/** Steps that a controller sends to a leg, beside what the leg does; a locked one runs alone. */
export class MessageQueue {
  readonly #leg: { readonly isGone: boolean };
  readonly #applications: ApplicationRuns;
  readonly #onEmpty: () => void;
  readonly #queue: Message[] = [];
  #isLocked = false;

  constructor(
    leg: { readonly isGone: boolean },
    applications: ApplicationRuns,
    onEmpty: () => void,
  ) {
    this.#leg = leg;
    this.#applications = applications;
    this.#onEmpty = onEmpty;
  }

  /** False when the leg is gone, or too many wait. */
  enqueue(message: Message): boolean {
    if (this.#leg.isGone || this.#queue.length >= maxQueued) return false;
    this.#queue.push(message);
    this.#pump();
    return true;
  }

  /** Forgets what waits. */
  clear(): void {
    this.#queue.length = 0;
  }

  #pump(): void {
    while (!this.#isLocked && !this.#leg.isGone) {
      const message = this.#queue.shift();
      if (message === undefined) {
        this.#onEmpty();
        return;
      }
      if (message.isLocked) this.#isLocked = true;
      void this.#run(message);
    }
  }

  async #run(message: Message): Promise<void> {
    for (let turn = 0; turn < message.loops && !this.#leg.isGone; turn += 1) {
      // One that is done at once, over and over, must not keep everybody else waiting.
      if (turn > 0) await new Promise((resolve) => setImmediate(resolve));
      await this.#applications.run(message, { uuid: message.uuid });
    }
    if (message.isLocked) this.#isLocked = false;
    this.#pump();
  }
}
