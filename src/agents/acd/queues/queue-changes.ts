import type { Clock } from '../../../core/clock.ts';
import type { Db } from '../../../db/index.ts';
import { createQueueAdmin, type QueueAdmin } from './queue-admin.ts';

export interface QueueChangesParts {
  clock: Clock;
  /** Throws `service.standby` in a service that would not hear of it before it is started again. */
  mustHear: () => void;
  /** The live queues read the rows again. */
  reload: () => Promise<void>;
  /** Whoever sits reads their queues again. */
  rereadSeats: () => Promise<void>;
}

/** Changes to queues by people, with which the live queues go on at once. */
export class QueueChanges {
  readonly #parts: QueueChangesParts;

  constructor(parts: QueueChangesParts) {
    this.#parts = parts;
  }

  /** Changes in the transaction at hand; `changed` follows its commit. Throws `service.standby`. */
  within(trx: Db): QueueAdmin {
    this.#parts.mustHear();
    return createQueueAdmin(trx, this.#parts.clock);
  }

  async changed(): Promise<void> {
    await this.#parts.reload();
    await this.#parts.rereadSeats();
  }
}
