import type { QueueSettings } from '../../../contract/queues.ts';
import type { QueueAdmin } from './queue-admin.ts';

export interface QueueChangesParts {
  admin: QueueAdmin;
  /** Throws `service.standby` in a service that would not hear of it before it is started again. */
  mustHear: () => void;
  /** The live queues read the rows again. */
  reload: () => Promise<void>;
  /** Whoever sits reads their queues again. */
  rereadSeats: () => Promise<void>;
}

/** Changes to queues by people, with which the live queues go on at once. Throws as `QueueAdmin`. */
export class QueueChanges {
  readonly #parts: QueueChangesParts;

  constructor(parts: QueueChangesParts) {
    this.#parts = parts;
  }

  async add(actor: string, code: string, settings: QueueSettings): Promise<string> {
    const { admin, mustHear, reload } = this.#parts;
    mustHear();
    const queueId = await admin.add(actor, code, settings);
    await reload();
    return queueId;
  }

  async change(actor: string, queueId: string, change: Partial<QueueSettings>): Promise<void> {
    const { admin, mustHear, reload } = this.#parts;
    mustHear();
    await admin.change(actor, queueId, change);
    await reload();
  }

  async remove(actor: string, queueId: string): Promise<void> {
    const { admin, mustHear, reload } = this.#parts;
    mustHear();
    await admin.remove(actor, queueId);
    await reload();
  }

  async setMembers(actor: string, queueId: string, staffIds: readonly string[]): Promise<void> {
    const { admin, mustHear, rereadSeats } = this.#parts;
    mustHear();
    await admin.setMembers(actor, queueId, staffIds);
    await rereadSeats();
  }
}
