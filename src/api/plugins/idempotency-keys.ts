import { deleteChunk, inChunks, type Pool } from '../../db/index.ts';

/** Forgets answers given before `before`; resolves with how many. */
export function removeOldIdempotencyKeys(db: Pool, before: Date): Promise<number> {
  return inChunks(() =>
    db
      .deleteFrom('idempotencyKey')
      .where((where) =>
        where(
          where.refTuple('staffId', 'key'),
          'in',
          where
            .selectFrom('idempotencyKey')
            .select(['staffId', 'key'])
            .where('createdAt', '<', before)
            .limit(deleteChunk)
            .$asTuple('staffId', 'key'),
        ),
      )
      .executeTakeFirst(),
  );
}
