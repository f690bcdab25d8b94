import type { QueueFigures, QueueView } from '../../api/contract/queues.ts';
import type { Pool } from '../../db/index.ts';
import type { Seat } from '../presence/seat.ts';
import { countWaits, serviceLevel, type FinishedWait, type LineEntry } from '../routing/index.ts';

/** Waits of today that are over, by queue; kept in memory and read again after a restart. */
export class Waits {
  readonly #waits = new Map<string, FinishedWait[]>();

  add(queueId: string, wait: FinishedWait): void {
    const known = this.#waits.get(queueId);
    if (known === undefined) this.#waits.set(queueId, [wait]);
    else known.push(wait);
  }

  of(queueId: string): readonly FinishedWait[] {
    return this.#waits.get(queueId) ?? [];
  }

  clear(): void {
    this.#waits.clear();
  }
}

export async function loadWaits(db: Pool, since: Date): Promise<Waits> {
  const rows = await db
    .selectFrom('queueWait')
    .select(['queueId', 'state', 'enteredAt', 'leftAt'])
    .where('enteredAt', '>=', since)
    .where('leftAt', 'is not', null)
    .execute();
  const waits = new Waits();
  for (const { queueId, state, enteredAt, leftAt } of rows) {
    if (leftAt === null || state === 'waiting') continue;
    waits.add(queueId, { waitedMs: leftAt.getTime() - enteredAt.getTime(), end: state });
  }
  return waits;
}

/** What the wall shows of a queue. */
export function queueFigures(
  queue: QueueView,
  line: readonly LineEntry[],
  seats: readonly Seat[],
  waits: readonly FinishedWait[],
): QueueFigures {
  const members = seats.filter((seat) => seat.queueIds.includes(queue.queueId));
  const entered = line.map(({ caller }) => caller.waitingSince);
  const counts = countWaits(waits, queue.serviceLevelSec);
  const answered = waits.filter((wait) => wait.end === 'answered');
  const total = answered.reduce((sum, wait) => sum + wait.waitedMs, 0);
  const level = serviceLevel(counts);
  return {
    queueId: queue.queueId,
    waiting: line.length,
    longestWaitSince: entered.length === 0 ? null : new Date(Math.min(...entered)).toISOString(),
    agentsAvailable: members.filter(
      (seat) => seat.presence === 'available' && seat.engagement === 'idle',
    ).length,
    agentsTalking: members.filter((seat) => seat.engagement === 'talking').length,
    agentsOnBreak: members.filter((seat) => seat.presence === 'break').length,
    offeredToday: counts.offered + line.length,
    answeredToday: answered.length,
    abandonedToday: waits.filter((wait) => wait.end === 'abandoned').length,
    // Never rounded up onto a target that was missed.
    serviceLevel: level === null ? null : Math.floor(level * 10) / 10,
    averageWaitSec: answered.length === 0 ? null : Math.round(total / answered.length / 100) / 10,
  };
}
