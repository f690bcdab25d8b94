import { hash, verify } from '@node-rs/argon2';
import type { Clock } from '../../core/clock.ts';
import type { Sealer } from '../../core/seal.ts';
import type { Db, Pool } from '../../db/index.ts';
import { tokenHash } from './accounts.ts';
import { audit } from '../audit/audit.ts';
import { clearTries, countTry } from './login-guard.ts';
import { checkPassword } from './passwords.ts';
import {
  ConfirmRequiredError,
  LoginError,
  SamePasswordError,
  SecondFactorStateError,
  WrongPasswordError,
} from '../organisation.errors.ts';
import { contextOf, useCode } from './second-factor.ts';
import { newTotpSecret, totpUri } from './totp.ts';

export interface Own {
  id: string;
  username: string;
}

export interface OwnParts {
  db: Pool;
  clock: Clock;
  sealer: Sealer;
}

/** The password, and a code of the app that is in use. */
export interface Shown {
  password: string;
  code?: string;
}

/** Throws `staff.wrong_password`, `staff.weak_password`, `staff.same_password`. Outside a transaction: tries count. */
export async function checkNewPassword(
  { db, clock }: OwnParts,
  own: Own,
  { current, next }: { current: string; next: string },
): Promise<void> {
  await checkOwnPassword(db, clock, own, current);
  checkPassword(next, own.username);
  if (next === current) throw new SamePasswordError();
}

/** After `checkNewPassword`; ends all other sessions of that person. `db` must be a transaction. */
export async function changeOwnPassword(
  db: Db,
  clock: Clock,
  own: Own,
  { next, token }: { next: string; token: string },
): Promise<void> {
  const passwordHash = await hash(next);
  await db
    .updateTable('staff')
    .set({ passwordHash, passwordChangedAt: clock.now(), isDemo: false })
    .where('id', '=', own.id)
    .execute();
  await endOtherSessions(db, own, token);
  await audit(db, clock, { staffId: own.id, act: 'staff.passwordChanged', subject: own.id });
}

/**
 * A new secret for an authenticator app; it counts once a code of it was shown, and until then the one before does.
 * After `confirmOwn`: whoever has one already shows a code of it. `db` must be a transaction.
 */
export async function beginSecondFactor(
  { db, clock, sealer }: { db: Db; clock: Clock; sealer: Sealer },
  own: Own,
): Promise<{ secret: string; uri: string }> {
  const secret = newTotpSecret();
  await db
    .updateTable('staff')
    .set({ totpPending: sealer.seal(secret, contextOf(own.id)) })
    .where('id', '=', own.id)
    .execute();
  await audit(db, clock, { staffId: own.id, act: 'staff.secondFactorBegun', subject: own.id });
  return { secret, uri: totpUri(secret, own.username) };
}

/** The secret that a code was shown of. */
export interface PendingSecret {
  totpPending: string;
  isFirst: boolean;
}

/** Uses up a code of the new secret. Throws `second_factor.not_begun`, `session.wrong_code`. Outside a transaction. */
export async function checkPendingCode(
  { db, clock, sealer }: OwnParts,
  own: Own,
  code: string,
): Promise<PendingSecret> {
  const { totpPending, totpEnabledAt } = await secretsOf(db, own);
  if (totpPending === null) throw new SecondFactorStateError('not_begun');
  await useCode(db, clock, sealer, { staffId: own.id, sealed: totpPending, code });
  return { totpPending, isFirst: totpEnabledAt === null };
}

/**
 * After `checkPendingCode`; ends all other sessions of that person. `db` must be a transaction. Throws
 * `second_factor.not_begun` when another secret was asked for meanwhile.
 */
export async function confirmSecondFactor(
  db: Db,
  clock: Clock,
  own: Own,
  { pending, token }: { pending: PendingSecret; token: string },
): Promise<void> {
  const { totpPending, isFirst } = pending;
  const act = isFirst ? 'staff.secondFactorAdded' : 'staff.secondFactorReplaced';
  const switched = await db
    .updateTable('staff')
    .set({ totpSecret: totpPending, totpPending: null, totpEnabledAt: clock.now() })
    .where('id', '=', own.id)
    .where('totpPending', '=', totpPending)
    .returning('id')
    .executeTakeFirst();
  if (switched === undefined) throw new SecondFactorStateError('not_begun');
  await endOtherSessions(db, own, token);
  await audit(db, clock, { staffId: own.id, act, subject: own.id });
}

/**
 * After `confirmOwn`, which asks for a code of the app that is given up; ends all other sessions of that person. `db`
 * must be a transaction. Throws `second_factor.none` when there is none, nor one that is being set up.
 */
export async function removeSecondFactor(
  db: Db,
  clock: Clock,
  own: Own,
  token: string,
): Promise<void> {
  const removed = await db
    .updateTable('staff')
    .set({ totpSecret: null, totpPending: null, totpEnabledAt: null })
    .where('id', '=', own.id)
    .where((where) =>
      where.or([where('totpSecret', 'is not', null), where('totpPending', 'is not', null)]),
    )
    .returning('id')
    .executeTakeFirst();
  if (removed === undefined) throw new SecondFactorStateError('none');
  await endOtherSessions(db, own, token);
  await audit(db, clock, { staffId: own.id, act: 'staff.secondFactorRemoved', subject: own.id });
}

/**
 * For what an open session alone is not enough. Throws `staff.confirm_required`, `staff.wrong_password`,
 * `session.code_required`, `session.wrong_code`.
 */
export async function confirmOwn(
  parts: OwnParts,
  own: Own,
  shown: Shown | undefined,
): Promise<void> {
  if (shown === undefined) throw new ConfirmRequiredError();
  await checkOwnPassword(parts.db, parts.clock, own, shown.password);
  await checkOldCode(parts, own, shown.code);
}

async function endOtherSessions(db: Db, own: Own, token: string): Promise<void> {
  await db
    .deleteFrom('staffSession')
    .where('staffId', '=', own.id)
    .where('tokenHash', '!=', tokenHash(token))
    .execute();
}

function secretsOf(db: Pool, { id }: Own) {
  return db
    .selectFrom('staff')
    .select(['totpSecret', 'totpPending', 'totpEnabledAt'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
}

async function checkOldCode(
  { db, clock, sealer }: OwnParts,
  own: Own,
  code: string | undefined,
): Promise<void> {
  const { totpSecret, totpEnabledAt } = await secretsOf(db, own);
  if (totpSecret === null || totpEnabledAt === null) return;
  if (code === undefined) throw new LoginError('code_required');
  await useCode(db, clock, sealer, { staffId: own.id, sealed: totpSecret, code });
}

/** Guesses of whoever sits at somebody else's screen wait like those at the log-in. */
async function checkOwnPassword(db: Pool, clock: Clock, own: Own, password: string): Promise<void> {
  const { id: staffId, username } = own;
  const address = `session of ${staffId}`;
  await countTry(db, clock, { username, address, staffId });
  const row = await db
    .selectFrom('staff')
    .select('passwordHash')
    .where('id', '=', staffId)
    .executeTakeFirstOrThrow();
  if (!(await verify(row.passwordHash, password))) throw new WrongPasswordError();
  await clearTries(db, username, address);
}
