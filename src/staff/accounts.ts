import { hash, verify } from '@node-rs/argon2';
import { createHash, randomBytes } from 'node:crypto';
import type { Clock } from '../core/clock.ts';
import { AppError } from '../core/errors.ts';
import { newId } from '../core/ids.ts';
import type { Db, Pool, StaffRole } from '../db/index.ts';

export interface Member {
  id: string;
  username: string;
  displayName: string;
  role: StaffRole;
}

const sessionMs = 12 * 3600_000;
const maxFailures = 8;
const lockMs = 10 * 60_000;

export class LoginError extends AppError {
  constructor(isLocked: boolean) {
    super({
      code: isLocked ? 'session.locked' : 'session.wrong_credentials',
      status: isLocked ? 429 : 401,
      message: isLocked
        ? 'Too many wrong passwords for this account; try again in ten minutes.'
        : 'The username or the password is wrong.',
    });
  }
}

/** A new session for the right password; throws `LoginError`. The token is told once and kept hashed. */
export async function logIn(
  db: Pool,
  clock: Clock,
  given: { username: string; password: string; userAgent: string; address: string },
): Promise<{ member: Member; token: string; expiresAt: Date }> {
  const now = clock.now();
  const row = await db
    .selectFrom('staff')
    .selectAll()
    .where('username', '=', given.username)
    .where('isDisabled', '=', false)
    .executeTakeFirst();
  if (row?.lockedUntil != null && row.lockedUntil > now) throw new LoginError(true);
  const isRight = await verify(row?.passwordHash ?? (await decoy), given.password);
  if (row === undefined) throw new LoginError(false);
  if (!isRight) {
    const failures = row.failedLogins + 1;
    await db
      .updateTable('staff')
      .set({
        failedLogins: failures >= maxFailures ? 0 : failures,
        lockedUntil: failures >= maxFailures ? new Date(now.getTime() + lockMs) : null,
      })
      .where('id', '=', row.id)
      .execute();
    throw new LoginError(false);
  }
  const token = randomBytes(32).toString('base64url');
  const expiresAt = new Date(now.getTime() + sessionMs);
  await db
    .updateTable('staff')
    .set({ failedLogins: 0, lockedUntil: null })
    .where('id', '=', row.id)
    .execute();
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
  return { member: memberOf(row), token, expiresAt };
}

/** So that an unknown username takes as long as a wrong password. */
const decoy = hash('no such account');

/** Who a token belongs to; undefined when it is unknown or over. */
export async function authenticate(
  db: Pool,
  clock: Clock,
  token: string,
): Promise<Member | undefined> {
  const row = await db
    .selectFrom('staffSession')
    .innerJoin('staff', 'staff.id', 'staffSession.staffId')
    .where('tokenHash', '=', tokenHash(token))
    .where('expiresAt', '>', clock.now())
    .where('isDisabled', '=', false)
    .select(['staff.id', 'staff.username', 'staff.displayName', 'staff.role'])
    .executeTakeFirst();
  return row;
}

export async function logOut(db: Pool, token: string): Promise<void> {
  await db.deleteFrom('staffSession').where('tokenHash', '=', tokenHash(token)).execute();
}

/** Who did what to what, for good. */
export async function audit(
  db: Db,
  clock: Clock,
  entry: {
    staffId: string | null;
    act: string;
    subject: string;
    details?: Record<string, unknown>;
  },
): Promise<void> {
  await db
    .insertInto('auditEntry')
    .values({
      id: newId(),
      staffId: entry.staffId,
      act: entry.act,
      subject: entry.subject,
      details: JSON.stringify(entry.details ?? {}),
      at: clock.now(),
    })
    .execute();
}

const demoAccounts: readonly (readonly [username: string, name: string, role: StaffRole])[] = [
  ['admin', '系统管理员', 'admin'],
  ['supervisor', '班长 周敏', 'supervisor'],
  ['agent1', '客服 陈静', 'agent'],
  ['agent2', '客服 刘洋', 'agent'],
  ['agent3', '客服 赵磊', 'agent'],
  ['agent4', '客服 孙艳', 'agent'],
  ['agent5', '客服 马杰', 'agent'],
  ['agent6', '客服 何芳', 'agent'],
];

/** The demo accounts, all with one password; existing accounts stay as they are. */
export async function seedDemoStaff(db: Pool, password: string): Promise<boolean> {
  const passwordHash = await hash(password);
  const made = await db
    .insertInto('staff')
    .values(
      demoAccounts.map(([username, displayName, role]) => ({
        id: newId(),
        username,
        displayName,
        role,
        passwordHash,
        isDemo: true,
      })),
    )
    .onConflict((conflict) => conflict.column('username').doNothing())
    .returning('id')
    .execute();
  return made.length > 0;
}

function tokenHash(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

function memberOf({ id, username, displayName, role }: Member): Member {
  return { id, username, displayName, role };
}
