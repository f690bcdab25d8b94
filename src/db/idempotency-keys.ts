/** Answers of writes that carried an `Idempotency-Key`, kept for their repetition; and who runs one now. */
import type { Db, Pool } from './database.ts';
import { deleteChunk, inChunks } from './housekeeping.ts';
import type { DatabaseLink } from './link.ts';

/** A key belongs to whoever uses it. */
export interface KeyOfWrite {
  staffId: string;
  key: string;
}

export interface KeptAnswer {
  requestHash: string;
  status: number | null;
  body: unknown;
}

/** What was answered before; undefined for a key that nobody has used. */
export function answerOf(db: Db, { staffId, key }: KeyOfWrite): Promise<KeptAnswer | undefined> {
  return db
    .selectFrom('idempotencyKey')
    .select(['requestHash', 'status', 'body'])
    .where('staffId', '=', staffId)
    .where('key', '=', key)
    .executeTakeFirst();
}

/** Takes the key in a transaction; false when somebody has it. */
export async function reserveKey(
  trx: Db,
  { staffId, key, requestHash }: KeyOfWrite & { requestHash: string },
): Promise<boolean> {
  const row = await trx
    .insertInto('idempotencyKey')
    .values({ staffId, key, requestHash })
    .onConflict((conflict) => conflict.columns(['staffId', 'key']).doNothing())
    .returning('key')
    .executeTakeFirst();
  return row !== undefined;
}

/** `body` is JSON. */
export async function completeKey(
  trx: Db,
  { staffId, key }: KeyOfWrite,
  { status, body }: { status: number; body: string },
): Promise<void> {
  await trx
    .updateTable('idempotencyKey')
    .set({ status, body })
    .where('staffId', '=', staffId)
    .where('key', '=', key)
    .execute();
}

/** For what is not one transaction: the answer alone. */
export async function keepAnswer(
  db: Db,
  { staffId, key }: KeyOfWrite,
  answer: { requestHash: string; status: number; body: string },
): Promise<void> {
  await db
    .insertInto('idempotencyKey')
    .values({ staffId, key, ...answer })
    .onConflict((conflict) => conflict.columns(['staffId', 'key']).doNothing())
    .execute();
}

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

/** Names that are in use: known at once within this process, by the database across processes. */
export class NamedLocks {
  readonly #link: DatabaseLink;
  readonly #mine = new Set<string>();

  constructor(link: DatabaseLink) {
    this.#link = link;
  }

  async take(name: string): Promise<boolean> {
    // The same session may take the same lock twice, so its own are remembered here.
    if (this.#mine.has(name)) return false;
    this.#mine.add(name);
    try {
      const [row] = await this.#link.query<{ taken: boolean }>(
        'SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS taken',
        [name],
      );
      if (row?.taken === true) return true;
    } catch (error) {
      this.#mine.delete(name);
      throw error;
    }
    this.#mine.delete(name);
    return false;
  }

  async release(name: string): Promise<void> {
    if (!this.#mine.has(name)) return;
    try {
      await this.#link.query('SELECT pg_advisory_unlock(hashtextextended($1, 0))', [name]);
    } finally {
      this.#mine.delete(name);
    }
  }
}
