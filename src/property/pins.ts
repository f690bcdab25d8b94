import { hash, verify } from '@node-rs/argon2';
import { sql } from 'kysely';
import type { Clock } from '../core/clock.ts';
import type { Pool } from '../db/index.ts';

export type PinResult =
  /** Whose it was. */
  | { result: 'ok'; personId: string }
  | { result: 'wrong'; triesLeft: number }
  | { result: 'locked' }
  | { result: 'unset' };

const maxFailures = 3;
const lockMs = 30 * 60_000;

/**
 * Checks a phone PIN. Three failures, counted for the person and for the caller's number alike, lock
 * both for 30 minutes. A try is counted before it is checked, so that parallel calls gain nothing. `others`
 * share the home and the telephone: their PINs are as good, and all tries count for the one person.
 */
export async function verifyPin(
  db: Pool,
  clock: Clock,
  {
    personId,
    others = [],
    number,
    pin,
  }: { personId: string; others?: readonly string[]; number: string; pin: string },
): Promise<PinResult> {
  const people = await db
    .selectFrom('person')
    .select(['id', 'pinHash'])
    .where('id', 'in', [personId, ...others])
    .where('pinHash', 'is not', null)
    .execute();
  if (people.length === 0) return { result: 'unset' };
  const keys = [`person:${personId}`, ...(number === '' ? [] : [`number:${number}`])].sort();
  const now = clock.now();
  const failures = await countTry(db, keys, now);
  if (failures === undefined) return { result: 'locked' };
  for (const { id, pinHash } of people) {
    if (pinHash === null || !(await verify(pinHash, pin))) continue;
    await db.deleteFrom('pinGuard').where('key', 'in', keys).execute();
    return { result: 'ok', personId: id };
  }
  if (failures < maxFailures) return { result: 'wrong', triesLeft: maxFailures - failures };
  return { result: 'locked' };
}

/** Failures so far with this one; undefined while locked. */
function countTry(db: Pool, keys: readonly string[], now: Date): Promise<number | undefined> {
  return db.transaction().execute(async (trx) => {
    let most = 0;
    for (const key of keys) {
      const row = await trx
        .insertInto('pinGuard')
        .values({ key, failures: 1, updatedAt: now })
        .onConflict((conflict) =>
          conflict.column('key').doUpdateSet({
            failures: sql<number>`case when pin_guard.locked_until <= ${now} then 1 else pin_guard.failures + 1 end`,
            lockedUntil: sql<Date | null>`case when pin_guard.locked_until <= ${now} then null else pin_guard.locked_until end`,
            updatedAt: now,
          }),
        )
        .returning(['failures', 'lockedUntil'])
        .executeTakeFirstOrThrow();
      if (row.lockedUntil !== null) return undefined;
      most = Math.max(most, row.failures);
      if (row.failures >= maxFailures) {
        await trx
          .updateTable('pinGuard')
          .set({ lockedUntil: new Date(now.getTime() + lockMs) })
          .where('key', '=', key)
          .execute();
      }
    }
    return most > maxFailures ? undefined : most;
  });
}

/** Four to eight digits; the clear text is never kept. */
export function hashPin(pin: string): Promise<string> {
  return hash(pin, { memoryCost: 19_456, timeCost: 2, parallelism: 1 });
}
