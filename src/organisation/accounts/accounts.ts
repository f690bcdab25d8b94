import { hash, verify } from '@node-rs/argon2';
import { createHash, randomBytes } from 'node:crypto';
import type { Clock } from '../../core/clock.ts';
import { newId } from '../../core/ids.ts';
import type { Sealer } from '../../core/seal.ts';
import type { Pool, StaffRole } from '../../db/index.ts';
import { audit } from '../audit/audit.ts';
import { LoginError } from '../organisation.errors.ts';
import { clearTries, countTry } from './login-guard.ts';
import { useCode } from './second-factor.ts';

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
 * is told once and kept hashed. Names that do not exist get the same answers after the same work.
 */
export async function logIn(
  db: Pool,
  clock: Clock,
  given: Credentials,
  sealer: Sealer,
): Promise<{ member: Member; token: string; expiresAt: Date }> {
  const { username, address, code = '' } = given;
  const row = await db
    .selectFrom('staff')
    .select(['id', 'passwordHash', 'totpEnabledAt', 'totpSecret'])
    .where('username', '=', username)
    .where('isDisabled', '=', false)
    .executeTakeFirst();
  await countTry(db, clock, { username, address, staffId: row?.id });
  const isRight = await verify(row?.passwordHash ?? (await decoy), given.password);
  if (row === undefined || !isRight) throw new LoginError('wrong_credentials');
  await clearTries(db, username, address);
  if (row.totpEnabledAt !== null && row.totpSecret !== null) {
    if (code === '') throw new LoginError('code_required');
    await useCode(db, clock, sealer, { staffId: row.id, sealed: row.totpSecret, code });
  }
  return beginSession(db, clock, row.id, given);
}

async function beginSession(
  db: Pool,
  clock: Clock,
  staffId: string,
  { userAgent, address }: Credentials,
) {
  const token = randomBytes(32).toString('base64url');
  const expiresAt = new Date(clock.now().getTime() + sessionMs);
  await db
    .insertInto('staffSession')
    .values({
      ...{ id: newId(), staffId, tokenHash: tokenHash(token), expiresAt },
      userAgent: userAgent.slice(0, 200),
      address,
    })
    .execute();
  await audit(db, clock, { staffId, act: 'session.created', subject: staffId });
  const member = await authenticate(db, clock, token);
  if (member === undefined) throw new LoginError('wrong_credentials');
  return { member, token, expiresAt };
}

/** So that an unknown username takes as long as a wrong password. */
const decoy = hash('no such account');

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

/** False when there was no such session. */
export async function logOut(db: Pool, token: string): Promise<boolean> {
  const ended = await db
    .deleteFrom('staffSession')
    .where('tokenHash', '=', tokenHash(token))
    .returning('id')
    .executeTakeFirst();
  return ended !== undefined;
}

export function tokenHash(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
