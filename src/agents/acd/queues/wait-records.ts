import type { Clock } from '../../../core/clock.ts';
import { messageOf } from '../../../core/errors.ts';
import type { Log } from '../../../core/log.ts';
import type { WaitingCaller } from '../routing/index.ts';
import type { QueueCounts } from './figures.ts';
import type { QueueStore } from './queue-store.ts';

export interface WaitRecordsParts {
  store: QueueStore;
  figures: QueueCounts;
  clock: Clock;
  log: Log;
}

/** What rows and figures keep of waits: written behind the queues in memory, in the order in which it happened. */
export class WaitRecords {
  readonly #parts: WaitRecordsParts;

  constructor(parts: WaitRecordsParts) {
    this.#parts = parts;
  }

  /** In a queue: a new one, another one, or back with a callback promised. */
  entered(caller: WaitingCaller): void {
    this.#save('wait', caller.callId, this.#parts.store.enter(caller));
  }

  /** They left for something else than a queue, as the router decided; counted by no queue. */
  overflowed(callId: string): void {
    this.#save('end of a wait', callId, this.#parts.store.leave(callId, 'overflowed'));
  }

  ended(caller: WaitingCaller, end: 'abandoned' | 'overflowed'): void {
    this.#save('end of a wait', caller.callId, this.#parts.store.leave(caller.callId, end));
    this.#count(caller, end);
  }

  /** By an agent, or by a telephone outside that has no id. */
  answered(caller: WaitingCaller, staffId?: string): void {
    const { callId } = caller;
    this.#save('answer', callId, this.#parts.store.leave(callId, 'answered', staffId));
    this.#count(caller, 'answered');
  }

  /** As the rows count it: a callback is offered once, and answered when they talk. */
  callbackEnded(caller: WaitingCaller, how: 'answered' | 'overflowed', staffId?: string): void {
    const { callId } = caller;
    this.#save('end of a callback', callId, this.#parts.store.leave(callId, how, staffId));
    this.#count(caller, how);
  }

  #count(
    { callId, queueId, enteredAt }: WaitingCaller,
    end: 'answered' | 'abandoned' | 'overflowed',
  ): void {
    const waitedMs = this.#parts.clock.now().getTime() - enteredAt;
    this.#parts.figures.count(queueId, callId, { waitedMs, end });
  }

  #save(what: string, callId: string, saved: Promise<void>): void {
    saved.catch((error: unknown) => {
      this.#parts.log.error({ callId, reason: messageOf(error) }, `${what} not written`);
    });
  }
}
