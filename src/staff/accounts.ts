import { hash, verify } from '@node-rs/argon2';
import { createHash, randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import type { Clock } from '../core/clock.ts';
import { newId } from '../core/ids.ts';
import type { Db, Pool, StaffRole } from '../db/index.ts';
import { audit } from './audit.ts';
import { LoginError } from './staff.errors.ts';
import { checkTotp } from './totp.ts';

export interface Member {
  id: string;
  username: string;
  displayName: string;
  role: StaffRole;
  /** Sites that they may see; null for all. */
  siteIds: string[] | null;
  /** The session by which they ask. */
  sessionId: string;
}

const sessionMs = 12 * 3600_000;
const maxFailures = 8;
const lockMs = 10 * 60_000;

export interface Credentials {
  username: string;
  password: string;
  /** Of the authenticator app, for those who have one. */
  code?: string | undefined;
  userAgent: string;
  address: string;
}

/**
 * A new session for the right password, and code where one is set up; throws `LoginError`. The token
 * is told once and kept hashed. A try is counted before it is checked, so that parallel ones gain nothing.
 */
export async function logIn(
  db: Pool,
  clock: Clock,
  given: Credentials,
): Promise<{ member: Member; token: string; expiresAt: Date }> {
  const now = clock.now();
  const row = await db
    .selectFrom('staff')
    .selectAll()
    .where('username', '=', given.username)
    .where('isDisabled', '=', false)
    .executeTakeFirst();
  if (row !== undefined && !(await countTry(db, clock, row.id))) throw new LoginError('locked');
  const isRight = await verify(row?.passwordHash ?? (await decoy), given.password);
  if (row === undefined || !isRight) throw new LoginError('wrong_credentials');
  if (row.totpEnabledAt !== null && row.totpSecret !== null) {
    await checkCode(db, now, { ...row, totpSecret: row.totpSecret }, given.code);
  }
  const token = randomBytes(32).toString('base64url');
  const expiresAt = new Date(now.getTime() + sessionMs);
  await clearTries(db, row.id);
  await db
    .insertInto('staffSession')
    .values({
      id: newId(),
      staffId: row.id,
      tokenHash: tokenHash(token),
      expiresAt,
      userAgent: given.userAgent.slice(0, 200),
      address: given.address,
    })
    .execute();
  await audit(db, clock, { staffId: row.id, act: 'session.created', subject: row.id });
  const member = await authenticate(db, clock, token);
  if (member === undefined) throw new LoginError('wrong_credentials');
  return { member, token, expiresAt };
}

/** So that an unknown username takes as long as a wrong password. */
const decoy = hash('no such account');

async function checkCode(
  db: Pool,
  now: Date,
  staff: { id: string; totpSecret: string; totpLastStep: number | null },
  code: string | undefined,
): Promise<void> {
  if (code === undefined || code === '') {
    // The password was right: asking for the code is no failure.
    await clearTries(db, staff.id);
    throw new LoginError('code_required');
  }
  const step = checkTotp(staff.totpSecret, code, now.getTime(), staff.totpLastStep);
  const used =
    step === undefined
      ? undefined
      : await db
          .updateTable('staff')
          .set({ totpLastStep: step })
          .where('id', '=', staff.id)
          .where((where) =>
            where.or([where('totpLastStep', 'is', null), where('totpLastStep', '<', step)]),
          )
          .returning('id')
          .executeTakeFirst();
  if (used === undefined) throw new LoginError('wrong_code');
}

/** False while locked. The try that reaches the limit is still checked, and locks. */
async function countTry(db: Pool, clock: Clock, staffId: string): Promise<boolean> {
  const now = clock.now();
  const row = await db
    .updateTable('staff')
    .set({
      failedLogins: sql<number>`case when locked_until is null then failed_logins + 1 else 1 end`,
      lockedUntil: sql<Date | null>`case when locked_until is null and failed_logins + 1 >= ${maxFailures}
        then ${new Date(now.getTime() + lockMs)}::timestamptz end`,
    })
    .where('id', '=', staffId)
    .where((where) => where.or([where('lockedUntil', 'is', null), where('lockedUntil', '<=', now)]))
    .returning(['lockedUntil'])
    .executeTakeFirst();
  if (row?.lockedUntil != null) {
    await audit(db, clock, { staffId: null, act: 'staff.locked', subject: staffId });
  }
  return row !== undefined;
}

async function clearTries(db: Pool, staffId: string): Promise<void> {
  await db
    .updateTable('staff')
    .set({ failedLogins: 0, lockedUntil: null })
    .where('id', '=', staffId)
    .execute();
}

/** Who a token belongs to; undefined when it is unknown or over. */
export async function authenticate(
  db: Pool,
  clock: Clock,
  token: string,
): Promise<Member | undefined> {
  return members(db, clock).where('tokenHash', '=', tokenHash(token)).executeTakeFirst();
}

/** The same for many tokens, in one question; tokens that are unknown or over are missing. */
export async function authenticateAll(
  db: Pool,
  clock: Clock,
  tokens: readonly string[],
): Promise<Map<string, Member>> {
  const byHash = new Map(tokens.map((token) => [tokenHash(token), token]));
  if (byHash.size === 0) return new Map();
  const rows = await members(db, clock)
    .select('staffSession.tokenHash')
    .where('tokenHash', 'in', [...byHash.keys()])
    .execute();
  return new Map(
    rows.map(({ tokenHash: hashed, ...member }) => [byHash.get(hashed) ?? '', member]),
  );
}

function members(db: Pool, clock: Clock) {
  return db
    .selectFrom('staffSession')
    .innerJoin('staff', 'staff.id', 'staffSession.staffId')
    .where('expiresAt', '>', clock.now())
    .where('isDisabled', '=', false)
    .select(['staff.id', 'staff.username', 'staff.displayName', 'staff.role'])
    .select('staffSession.id as sessionId')
    .select((row) =>
      row
        .selectFrom('staffSite')
        .whereRef('staffSite.staffId', '=', 'staff.id')
        .select((of) => of.fn.agg<string[] | null>('array_agg', ['staffSite.estateId']).as('ids'))
        .as('siteIds'),
    );
}

export async function logOut(db: Pool, token: string): Promise<void> {
  await db.deleteFrom('staffSession').where('tokenHash', '=', tokenHash(token)).execute();
}

/** Sites that somebody may see; null for all. */
export async function sitesOf(db: Db, staffId: string): Promise<readonly string[] | null> {
  const rows = await db
    .selectFrom('staffSite')
    .select('estateId')
    .where('staffId', '=', staffId)
    .execute();
  return rows.length === 0 ? null : rows.map((row) => row.estateId);
}

export function tokenHash(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
