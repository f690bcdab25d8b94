import type { QueueFigures, QueueView } from '../../../contract/agents/queues.ts';
import type { Pool } from '../../../db/index.ts';
import type { Seat } from '../sessions/seat.ts';
import {
  countedWait,
  countWaits,
  serviceLevel,
  type FinishedWait,
  type QueueEntry,
} from '../routing/index.ts';
import type { HandleTimes } from './handle-times.ts';

/** What is counted of today's waits that are over, by queue and call; in memory, read again after a restart. */
export class Waits {
  readonly #waits = new Map<string, Map<string, FinishedWait>>();

  add(queueId: string, callId: string, wait: FinishedWait): void {
    const known = this.#waits.get(queueId) ?? new Map<string, FinishedWait>();
    this.#waits.set(queueId, known.set(callId, countedWait(known.get(callId), wait)));
  }

  of(queueId: string): ReadonlyMap<string, FinishedWait> {
    return this.#waits.get(queueId) ?? new Map<string, FinishedWait>();
  }

  clear(): void {
    this.#waits.clear();
  }
}

/** What the live queues count, and what they expect of a call. */
export interface QueueCounts {
  count(queueId: string, callId: string, wait: FinishedWait): void;
  averageSec(queueId: string): number;
}

/** Whom we called counts as nobody's caller. */
export function queueCounts(
  waits: Waits,
  handleTimes: Pick<HandleTimes, 'averageSec'>,
  isOutgoing: (callId: string) => boolean,
): QueueCounts {
  return {
    averageSec: (queueId) => handleTimes.averageSec(queueId),
    count(queueId, callId, wait) {
      if (!isOutgoing(callId)) waits.add(queueId, callId, wait);
    },
  };
}

export async function loadWaits(db: Pool, since: Date, waits: Waits): Promise<void> {
  const rows = await db
    .selectFrom('queueWait')
    .innerJoin('call', 'call.id', 'queueWait.callId')
    .select(['callId', 'queueId', 'queueWait.state', 'enteredAt', 'leftAt'])
    .where('enteredAt', '>=', since)
    .where('leftAt', 'is not', null)
    // Whom a campaign called has not called us.
    .where('call.direction', '=', 'inbound')
    .orderBy('queueWait.id')
    .execute();
  for (const { callId, queueId, state, enteredAt, leftAt } of rows) {
    if (leftAt === null || state === 'waiting') continue;
    waits.add(queueId, callId, { waitedMs: leftAt.getTime() - enteredAt.getTime(), end: state });
  }
}

/** What the wall shows of a queue. */
export function queueFigures(
  queue: QueueView,
  entries: readonly QueueEntry[],
  seats: readonly Seat[],
  counted: ReadonlyMap<string, FinishedWait>,
): QueueFigures {
  const waits = [...counted.values()];
  const isCounted = (callId: string) => (counted.get(callId)?.end ?? 'overflowed') !== 'overflowed';
  const members = seats.filter((seat) => seat.queueIds.includes(queue.queueId));
  const entered = entries.map(({ caller }) => caller.waitingSince);
  const counts = countWaits(waits, queue.serviceLevelSec);
  const answered = waits.filter((wait) => wait.end === 'answered');
  const total = answered.reduce((sum, wait) => sum + wait.waitedMs, 0);
  const level = serviceLevel(counts);
  return {
    queueId: queue.queueId,
    waiting: entries.length,
    longestWaitSince: entered.length === 0 ? null : new Date(Math.min(...entered)).toISOString(),
    agentsAvailable: members.filter(
      (seat) => seat.presence === 'available' && seat.engagement === 'idle',
    ).length,
    agentsTalking: members.filter((seat) => seat.engagement === 'talking').length,
    agentsOnBreak: members.filter((seat) => seat.presence === 'break').length,
    offeredToday: counts.offered + entries.filter(({ caller }) => !isCounted(caller.callId)).length,
    answeredToday: answered.length,
    abandonedToday: waits.filter((wait) => wait.end === 'abandoned').length,
    // Never rounded up onto a target that was missed.
    serviceLevel: level === null ? null : Math.floor(level * 10) / 10,
    averageWaitSec: answered.length === 0 ? null : Math.round(total / answered.length / 100) / 10,
  };
}
