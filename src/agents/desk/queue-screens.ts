import type { MemoryBoard } from './live-board.ts';
import type { Pops } from '../../lookup/index.ts';
import type { Seats } from '../acd/sessions/seats.ts';
import { queueFigures, type Waits } from '../acd/queues/figures.ts';
import type { Acd } from '../acd/queues/acd.ts';
import type { QueueEntry } from '../acd/routing/index.ts';

/**
 * Entries and figures of queues are shown at once and then this long not again: with hundreds of people
 * waiting each of a dozen changes a second would write all of them anew.
 */
const pauseMs = 250;

export interface QueueScreensParts {
  board: Pick<MemoryBoard, 'showWaiting' | 'showQueue'>;
  acd: Pick<Acd, 'queue' | 'entries'>;
  seats: Pick<Seats, 'all'>;
  waits: Pick<Waits, 'of'>;
  pops: Pick<Pops, 'peek'>;
  /** Somebody waits there who did not, or other telephones ring for them. */
  onCaller: (callId: string) => void;
}

/** Who waits in which queue, and its figures of today. */
export class QueueScreens {
  readonly #parts: QueueScreensParts;
  /** Queues that changed since they were shown; true when their entries did, too. */
  readonly #stale = new Map<string, boolean>();
  /** By queue and call: whose telephones rang when it was shown last. */
  readonly #shown = new Map<string, ReadonlyMap<string, string>>();
  #pause: NodeJS.Timeout | undefined;

  constructor(parts: QueueScreensParts) {
    this.#parts = parts;
  }

  stop(): void {
    clearTimeout(this.#pause);
  }

  show(queueId: string): void {
    this.#stale.set(queueId, true);
    this.#showStale();
  }

  showFigures(queueId: string): void {
    if (!this.#stale.has(queueId)) this.#stale.set(queueId, false);
    this.#showStale();
  }

  #showStale(): void {
    if (this.#pause !== undefined || this.#stale.size === 0) return;
    const stale = [...this.#stale];
    this.#stale.clear();
    const { acd } = this.#parts;
    for (const [queueId, haveEntries] of stale) {
      if (acd.queue(queueId) === undefined) continue;
      const entries = acd.entries(queueId);
      if (haveEntries) this.#drawEntries(queueId, entries);
      this.#drawFigures(queueId, entries);
    }
    this.#pause = setTimeout(() => {
      this.#pause = undefined;
      this.#showStale();
    }, pauseMs);
    this.#pause.unref();
  }

  #drawEntries(queueId: string, entries: readonly QueueEntry[]): void {
    const { board, pops, onCaller } = this.#parts;
    board.showWaiting(
      queueId,
      entries.map(({ caller, position, priority, offeredTo }) => {
        const pop = pops.peek(caller.callId);
        return {
          callId: caller.callId,
          queueId,
          position,
          priority,
          enteredAt: new Date(caller.waitingSince).toISOString(),
          callerNumber: pop?.callerNumber ?? '',
          isNumberVerified: pop?.isNumberVerified ?? true,
          callerName: pop?.candidates.length === 1 ? (pop.candidates[0]?.name ?? null) : null,
          isVip: caller.isVip,
          isEmergency: caller.isEmergency,
          offeredTo: [...offeredTo],
          estateId: caller.siteId,
        };
      }),
    );
    const before = this.#shown.get(queueId);
    const now = new Map(entries.map(({ caller, offeredTo }) => [caller.callId, offeredTo.join()]));
    this.#shown.set(queueId, now);
    for (const [callId, offered] of now) {
      if (before?.get(callId) !== offered) onCaller(callId);
    }
  }

  #drawFigures(queueId: string, entries: readonly QueueEntry[]): void {
    const { acd, board, seats, waits } = this.#parts;
    const queue = acd.queue(queueId);
    if (queue === undefined) return;
    board.showQueue(queueFigures(queue, entries, seats.all, waits.of(queueId)));
  }
}
