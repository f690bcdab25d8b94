import { isStaffed } from '../sessions/strength.ts';
import type { Seats } from '../sessions/seats.ts';
import type { Acd } from './acd.ts';

export interface OpenQueuesParts {
  acd: Pick<Acd, 'queues' | 'queue'>;
  seats: Pick<Seats, 'all'>;
  /** Whether telephones outside can be rung for emergencies that no agent is there for. */
  hasDutyPhones: boolean;
}

/** Which queue a caller comes into, and whether anybody is there. */
export class OpenQueues {
  readonly #parts: OpenQueuesParts;

  constructor(parts: OpenQueuesParts) {
    this.#parts = parts;
  }

  /** The queue of that code; the general one when it is switched off. */
  idFor(code: string): string | undefined {
    const { queues } = this.#parts.acd;
    const named = queues.find((queue) => queue.code === code);
    const open =
      named?.isActive === false
        ? queues.find((queue) => queue.code === 'general' && queue.isActive)
        : named;
    return open?.queueId;
  }

  /** Whether anybody may come: somebody is at work, or duty phones can be rung. */
  mayBeServed(queueId: string, { isEmergency }: { isEmergency: boolean }): boolean {
    const { seats, hasDutyPhones } = this.#parts;
    return isStaffed(seats.all, queueId) || (isEmergency && hasDutyPhones);
  }

  /** Whether its callers are asked for a rating. */
  asksForRating(queueId: string | null): boolean {
    return queueId !== null && this.#parts.acd.queue(queueId)?.asksForMark === true;
  }
}
