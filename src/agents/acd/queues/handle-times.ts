import { sql } from 'kysely';
import type { Clock } from '../../../core/clock.ts';
import type { Pool } from '../../../db/index.ts';
import { createEngagementStore, type EngagementStore } from '../sessions/engagement-store.ts';

/** What a call is taken to cost before anybody has measured it, and for how many calls that guess counts. */
const guess = { sec: 240, calls: 5 };
/** So many calls make up the average; older ones fade. */
const memory = 100;
const lookBackMs = 7 * 24 * 3600_000;
/** A wrap-up that somebody forgot to end says nothing of the work. */
const longestSec = 3600;

/** How long agents are busy with a call of each queue: talk and wrap-up, in seconds. */
export class HandleTimes {
  readonly #known = new Map<string, { sum: number; count: number }>();

  add(queueId: string, sec: number, count = 1): void {
    const { sum, count: known } = this.#known.get(queueId) ?? { sum: 0, count: 0 };
    const kept = Math.min(known, Math.max(0, memory - count));
    this.#known.set(queueId, {
      sum: (known === 0 ? 0 : (sum * kept) / known) + Math.min(sec, longestSec) * count,
      count: kept + count,
    });
  }

  averageSec(queueId: string): number {
    const { sum, count } = this.#known.get(queueId) ?? { sum: 0, count: 0 };
    return (guess.sec * guess.calls + sum) / (guess.calls + count);
  }
}

/** Every piece of work that ends from now on; what was before is added by `loadHandleTimes`. */
export function measureHandling(
  db: Pool,
  clock: Clock,
): { handleTimes: HandleTimes; engagements: EngagementStore } {
  const handleTimes = new HandleTimes();
  const engagements = createEngagementStore(db, clock, (queueId, sec) =>
    handleTimes.add(queueId, sec),
  );
  return { handleTimes, engagements };
}

/** Adds those of the last days, as the rows have them. */
export async function loadHandleTimes(db: Pool, clock: Clock, times: HandleTimes): Promise<void> {
  const since = new Date(clock.now().getTime() - lookBackMs);
  const rows = await db
    .selectFrom('engagement')
    .select(['queueId', ({ fn }) => fn.countAll<string>().as('count')])
    .select(
      sql<number>`avg(least(extract(epoch FROM ended_at - talk_since), ${longestSec}))::float8`.as(
        'sec',
      ),
    )
    .where('queueId', 'is not', null)
    .where('endedAt', '>=', since)
    .groupBy('queueId')
    .execute();
  for (const { queueId, count, sec } of rows) {
    if (queueId !== null) times.add(queueId, sec, Math.min(memory, Number(count)));
  }
}
