import { sql } from 'kysely';
import type { Pool } from './database.ts';

/** Months that have their partition before they begin. */
const monthsAhead = 2;
/** Rows a statement: short locks, and the log of changes stays small. */
const chunk = 5000;

/** Partitions of `call_event` for this month and the next ones. */
export async function makeCallEventPartitions(db: Pool): Promise<void> {
  await sql`select make_call_event_partitions(${monthsAhead})`.execute(db);
}

/** Removes events that were told before `before`; resolves with how many. */
export function removePublishedEvents(db: Pool, before: Date): Promise<number> {
  return inChunks(
    async () =>
      await db
        .deleteFrom('outbox')
        .where('id', 'in', (query) =>
          query.selectFrom('outbox').select('id').where('publishedAt', '<', before).limit(chunk),
        )
        .executeTakeFirst(),
  );
}

/** Removes what was dialled outside, and refused, before `before`; resolves with how many. */
export function removeOldOutsideCalls(db: Pool, before: Date): Promise<number> {
  return inChunks(() =>
    db
      .deleteFrom('outsideCall')
      .where('id', 'in', (query) =>
        query.selectFrom('outsideCall').select('id').where('at', '<', before).limit(chunk),
      )
      .executeTakeFirst(),
  );
}

/** Removes long messages made before `before`; whoever listened has read them. */
export async function removeOldMessages(db: Pool, before: Date): Promise<void> {
  await db.deleteFrom('message').where('createdAt', '<', before).execute();
}

/** Repeats a limited delete until it finds less than a chunk. */
export async function inChunks(remove: () => Promise<{ numDeletedRows: bigint }>): Promise<number> {
  let total = 0;
  for (;;) {
    const removed = Number((await remove()).numDeletedRows);
    total += removed;
    if (removed < chunk) return total;
  }
}

export const deleteChunk = chunk;
