import { deleteChunk, inChunks, type Pool } from '../../db/index.ts';

/** Removes sessions that were over at `now`; resolves with how many. */
export function removeExpiredSessions(db: Pool, now: Date): Promise<number> {
  return inChunks(() =>
    db
      .deleteFrom('staffSession')
      .where('id', 'in', (query) =>
        query
          .selectFrom('staffSession')
          .select('id')
          .where('expiresAt', '<', now)
          .limit(deleteChunk),
      )
      .executeTakeFirst(),
  );
}
