import { sql } from 'kysely';
import { sourceOf } from '../../core/addresses.ts';
import type { Clock } from '../../core/clock.ts';
import { deleteChunk, inChunks, type Db, type Pool } from '../../db/index.ts';
import { audit } from '../audit/audit.ts';
import { LoginError } from '../organisation.errors.ts';

/** So many wrong ones are free; then each next one waits twice as long. */
const freeTries = 4;
const longestSec = 900;
/** Of an old failure nothing is left. */
const forgottenSec = 3600;

const backOff = sql`least(${longestSec}, power(2, least(20, login_guard.failures + 1 - ${freeTries})))`;

/**
 * Counts a try of this name from this source before it is judged, so that parallel ones gain nothing. Others who
 * know the password log in meanwhile from where they are. Names that do not exist are counted the same.
 * Throws `session.locked` with the seconds to wait.
 */
export async function countTry(
  db: Pool,
  clock: Clock,
  who: { username: string; address: string; staffId: string | undefined },
): Promise<void> {
  const now = clock.now();
  const key = { username: who.username.toLowerCase(), address: sourceOf(who.address) };
  const { rows } = await sql<{ failures: number }>`
    INSERT INTO login_guard (username, address, failures, updated_at)
    VALUES (${key.username}, ${key.address}, 1, ${now})
    ON CONFLICT (username, address) DO UPDATE SET
      failures = CASE WHEN ${isForgotten(now)} THEN 1 ELSE login_guard.failures + 1 END,
      blocked_until = CASE WHEN ${isForgotten(now)} OR login_guard.failures < ${freeTries} THEN NULL
        ELSE ${now}::timestamptz + ${backOff} * interval '1 second' END,
      updated_at = ${now}
    WHERE login_guard.blocked_until IS NULL OR login_guard.blocked_until <= ${now}
    RETURNING failures`.execute(db);
  const failures = rows[0]?.failures;
  if (failures === undefined) throw new LoginError('locked', await waitOf(db, key, now));
  // Once a series; the same for names that do not exist.
  if (failures === freeTries + 1) {
    const subject = who.staffId ?? 'unknown';
    const details = { address: who.address };
    await audit(db, clock, { staffId: null, act: 'staff.slowedDown', subject, details });
  }
}

function isForgotten(now: Date) {
  return sql`login_guard.updated_at < ${now}::timestamptz - ${forgottenSec} * interval '1 second'`;
}

async function waitOf(
  db: Db,
  { username, address }: { username: string; address: string },
  now: Date,
): Promise<number> {
  const row = await db
    .selectFrom('loginGuard')
    .select('blockedUntil')
    .where('username', '=', username)
    .where('address', '=', address)
    .executeTakeFirst();
  return Math.max(1, Math.ceil(((row?.blockedUntil?.getTime() ?? 0) - now.getTime()) / 1000));
}

export async function hasTriesOf(db: Db, username: string): Promise<boolean> {
  const row = await db
    .selectFrom('loginGuard')
    .select('username')
    .where('username', '=', username.toLowerCase())
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** Of the source of one address, or of all when an administrator lifts the wait. */
export async function clearTries(db: Db, username: string, address?: string): Promise<void> {
  await db
    .deleteFrom('loginGuard')
    .where('username', '=', username.toLowerCase())
    .$if(address !== undefined, (query) => query.where('address', '=', sourceOf(address ?? '')))
    .execute();
}

/** Forgets failures that count no more; resolves with how many. */
export function removeOldTries(db: Pool, before: Date): Promise<number> {
  return inChunks(() =>
    db
      .deleteFrom('loginGuard')
      .where((where) =>
        where(
          where.refTuple('username', 'address'),
          'in',
          where
            .selectFrom('loginGuard')
            .select(['username', 'address'])
            .where('updatedAt', '<', before)
            .limit(deleteChunk)
            .$asTuple('username', 'address'),
        ),
      )
      .executeTakeFirst(),
  );
}
