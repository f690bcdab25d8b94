import { sql } from 'kysely';
import { isSealed, type Sealer } from '../../core/seal.ts';
import type { Clock } from '../../core/clock.ts';
import type { Db, Pool } from '../../db/index.ts';
import { audit } from '../audit/audit.ts';
import { LoginError } from '../organisation.errors.ts';
import { checkTotp } from './totp.ts';

/** A six-digit code is guessed by a million tries: after these each next one waits twice as long, up to an hour. */
const freeGuesses = 4;
const longestSec = 3600;

export const contextOf = (staffId: string): string => `totp:${staffId}`;

/**
 * Checks a code and uses it up. A guess counts before it is judged, and nothing but a right code makes the count begin
 * anew: neither another password nor a try without a code. Throws `session.wrong_code`, `session.locked`.
 */
export async function useCode(
  db: Pool,
  clock: Clock,
  sealer: Sealer,
  { staffId, sealed, code }: { staffId: string; sealed: string; code: string },
): Promise<number> {
  await countGuess(db, clock, staffId);
  const secret = sealer.open(sealed, contextOf(staffId));
  const { totpLastStep } = await db
    .selectFrom('staff')
    .select('totpLastStep')
    .where('id', '=', staffId)
    .executeTakeFirstOrThrow();
  const step = checkTotp(secret, code, clock.now().getTime(), totpLastStep);
  const used =
    step === undefined
      ? undefined
      : await db
          .updateTable('staff')
          .set({ totpLastStep: step, totpFailures: 0, totpBlockedUntil: null })
          .where('id', '=', staffId)
          // Of two with the same code one is let in.
          .where((where) =>
            where.or([where('totpLastStep', 'is', null), where('totpLastStep', '<', step)]),
          )
          .returning('id')
          .executeTakeFirst();
  if (step === undefined || used === undefined) throw new LoginError('wrong_code');
  return step;
}

async function countGuess(db: Pool, clock: Clock, staffId: string): Promise<void> {
  const now = clock.now();
  const { rows } = await sql<{ failures: number }>`
    UPDATE staff SET totp_failures = totp_failures + 1,
      totp_blocked_until = CASE WHEN totp_failures < ${freeGuesses} THEN NULL
        ELSE ${now}::timestamptz + interval '1 second' *
          least(${longestSec}, 30 * power(2, least(20, totp_failures - ${freeGuesses}))) END
    WHERE id = ${staffId} AND (totp_blocked_until IS NULL OR totp_blocked_until <= ${now})
    RETURNING totp_failures AS failures`.execute(db);
  const failures = rows[0]?.failures;
  if (failures === undefined) {
    const { totpBlockedUntil } = await db
      .selectFrom('staff')
      .select('totpBlockedUntil')
      .where('id', '=', staffId)
      .executeTakeFirstOrThrow();
    const waitMs = (totpBlockedUntil?.getTime() ?? 0) - now.getTime();
    throw new LoginError('locked', Math.max(1, Math.ceil(waitMs / 1000)));
  }
  if (failures === freeGuesses + 1) {
    await audit(db, clock, { staffId: null, act: 'staff.codesGuessed', subject: staffId });
  }
}

/** Seals secrets that a former version kept as they are; resolves with how many. */
export async function sealSecrets(db: Db, sealer: Sealer): Promise<number> {
  const rows = await db
    .selectFrom('staff')
    .select(['id', 'totpSecret'])
    .where('totpSecret', 'is not', null)
    .execute();
  const open = rows.filter(({ totpSecret }) => totpSecret !== null && !isSealed(totpSecret));
  for (const { id, totpSecret } of open) {
    await db
      .updateTable('staff')
      .set({ totpSecret: sealer.seal(totpSecret ?? '', contextOf(id)) })
      .where('id', '=', id)
      .where('totpSecret', '=', totpSecret)
      .execute();
  }
  return open.length;
}
