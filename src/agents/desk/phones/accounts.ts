import { createHash, randomBytes } from 'node:crypto';
import type { Clock } from '../../../core/clock.ts';
import type { Db } from '../../../db/index.ts';

/** The realm of both switches; see docs/protocol/directory.md. */
export const phoneRealm = 'lingting';

export interface NewPhoneAccount {
  username: string;
  /** Null for a caller of the demo. */
  staffId: string | null;
  callerNumber: string | null;
  /** The telephone lives as long as this session; null for a caller of the demo. */
  sessionId?: string | null;
}

/** Gives a telephone a new password, told once and kept as its digest; the one before stops working. */
export async function issuePhonePassword(
  db: Db,
  clock: Clock,
  { username, staffId, callerNumber, sessionId = null }: NewPhoneAccount,
): Promise<string> {
  const password = randomBytes(18).toString('base64url');
  const facts = {
    staffId,
    callerNumber,
    sessionId,
    endedAt: null,
    ha1: ha1Of('md5', username, password),
    ha1Sha256: ha1Of('sha256', username, password),
    updatedAt: clock.now(),
  };
  await db
    .insertInto('phoneAccount')
    .values({ username, ...facts })
    .onConflict((conflict) => conflict.column('username').doUpdateSet(facts))
    .execute();
  return password;
}

export interface KnownPhone {
  username: string;
  ha1: string;
  /** Unknown of passwords that were given out before it was kept. */
  ha1Sha256?: string | null;
  callerNumber: string | null;
}

/**
 * Who may register under that name: staff while the session lasts for which the password was made, and callers of
 * the demo while there is one.
 */
export async function findPhone(
  db: Db,
  clock: Clock,
  username: string,
  { areDemoPhonesOpen = false } = {},
): Promise<KnownPhone | undefined> {
  return db
    .selectFrom('phoneAccount')
    .leftJoin('staff', 'staff.id', 'phoneAccount.staffId')
    .leftJoin('staffSession', 'staffSession.id', 'phoneAccount.sessionId')
    .select(['phoneAccount.username', 'phoneAccount.ha1', 'phoneAccount.ha1Sha256'])
    .select('phoneAccount.callerNumber')
    .where('phoneAccount.username', '=', username)
    .where((where) =>
      where.or([
        where.and([
          where.lit(areDemoPhonesOpen),
          where('phoneAccount.staffId', 'is', null),
          // Shut out by `npm run admin -- --disable-demo`.
          where('phoneAccount.endedAt', 'is', null),
        ]),
        where.and([
          where('staff.isDisabled', '=', false),
          where('staffSession.expiresAt', '>', clock.now()),
        ]),
      ]),
    )
    .executeTakeFirst();
}

/** HA1 of RFC 3261 section 22 (RFC 2617, RFC 8760): what a registrar needs to check a digest. */
function ha1Of(algorithm: 'md5' | 'sha256', username: string, password: string): string {
  return createHash(algorithm).update(`${username}:${phoneRealm}:${password}`).digest('hex');
}
