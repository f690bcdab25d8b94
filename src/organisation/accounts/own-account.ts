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

/** Ends all other sessions of that person. Throws `staff.wrong_password`, `staff.weak_password`, `staff.same_password`. */
export async function changeOwnPassword(
  db: Pool,
  clock: Clock,
  own: Own,
  { current, next, token }: { current: string; next: string; token: string },
): Promise<void> {
  await checkOwnPassword(db, clock, own, current);
  checkPassword(next, own.username);
  if (next === current) throw new SamePasswordError();
  const passwordHash = await hash(next);
  await db.transaction().execute(async (trx) => {
    await trx
      .updateTable('staff')
      .set({ passwordHash, passwordChangedAt: clock.now(), isDemo: false })
      .where('id', '=', own.id)
      .execute();
    await endOtherSessions(trx, own, token);
    await audit(trx, clock, { staffId: own.id, act: 'staff.passwordChanged', subject: own.id });
  });
}

/**
 * A new secret for an authenticator app; it counts once a code of it was shown, and until then the one before does.
 * Whoever has one already shows a code of it, or asks an administrator. Throws `staff.wrong_password`,
 * `session.code_required`, `session.wrong_code`.
 */
export async function beginSecondFactor(
  { db, clock, sealer }: OwnParts,
  own: Own,
  shown: Shown,
): Promise<{ secret: string; uri: string }> {
  await checkOwnPassword(db, clock, own, shown.password);
  await checkOldCode({ db, clock, sealer }, own, shown.code);
  const secret = newTotpSecret();
  await db
    .updateTable('staff')
    .set({ totpPending: sealer.seal(secret, contextOf(own.id)) })
    .where('id', '=', own.id)
    .execute();
  await audit(db, clock, { staffId: own.id, act: 'staff.secondFactorBegun', subject: own.id });
  return { secret, uri: totpUri(secret, own.username) };
}

/** Ends all other sessions of that person. Throws `session.wrong_code`, `second_factor.not_begun`. */
export async function confirmSecondFactor(
  { db, clock, sealer }: OwnParts,
  own: Own,
  { code, token }: { code: string; token: string },
): Promise<void> {
  const { totpPending, totpEnabledAt } = await secretsOf(db, own);
  if (totpPending === null) throw new SecondFactorStateError('not_begun');
  await useCode(db, clock, sealer, { staffId: own.id, sealed: totpPending, code });
  const act = totpEnabledAt === null ? 'staff.secondFactorAdded' : 'staff.secondFactorReplaced';
  await db.transaction().execute(async (trx) => {
    const switched = await trx
      .updateTable('staff')
      .set({ totpSecret: totpPending, totpPending: null, totpEnabledAt: clock.now() })
      .where('id', '=', own.id)
      .where('totpPending', '=', totpPending)
      .returning('id')
      .executeTakeFirst();
    // Another secret was asked for meanwhile.
    if (switched === undefined) throw new SecondFactorStateError('not_begun');
    await endOtherSessions(trx, own, token);
    await audit(trx, clock, { staffId: own.id, act, subject: own.id });
  });
}

/**
 * Needs a code of the app that is given up; ends all other sessions of that person. Throws `second_factor.none`
 * when there is none, nor one that is being set up.
 */
export async function removeSecondFactor(
  { db, clock, sealer }: OwnParts,
  own: Own,
  { token, ...shown }: Shown & { token: string },
): Promise<void> {
  await checkOwnPassword(db, clock, own, shown.password);
  await checkOldCode({ db, clock, sealer }, own, shown.code);
  await db.transaction().execute(async (trx) => {
    const removed = await trx
      .updateTable('staff')
      .set({ totpSecret: null, totpPending: null, totpEnabledAt: null })
      .where('id', '=', own.id)
      .where((where) =>
        where.or([where('totpSecret', 'is not', null), where('totpPending', 'is not', null)]),
      )
      .returning('id')
      .executeTakeFirst();
    if (removed === undefined) throw new SecondFactorStateError('none');
    await endOtherSessions(trx, own, token);
    await audit(trx, clock, { staffId: own.id, act: 'staff.secondFactorRemoved', subject: own.id });
  });
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
