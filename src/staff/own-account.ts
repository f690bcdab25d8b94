import { hash, verify } from '@node-rs/argon2';
import type { Clock } from '../core/clock.ts';
import type { Pool } from '../db/index.ts';
import { tokenHash } from './accounts.ts';
import { audit } from './audit.ts';
import { checkPassword } from './passwords.ts';
import { LoginError, WrongPasswordError } from './staff.errors.ts';
import { checkTotp, newTotpSecret, totpUri } from './totp.ts';

interface Own {
  id: string;
  username: string;
}

/** Ends all other sessions of that person. Throws `staff.wrong_password`, `staff.weak_password`. */
export async function changeOwnPassword(
  db: Pool,
  clock: Clock,
  own: Own,
  { current, next, token }: { current: string; next: string; token: string },
): Promise<void> {
  await checkOwnPassword(db, own, current);
  checkPassword(next, own.username);
  const passwordHash = await hash(next);
  await db.transaction().execute(async (trx) => {
    await trx
      .updateTable('staff')
      .set({ passwordHash, passwordChangedAt: clock.now(), isDemo: false })
      .where('id', '=', own.id)
      .execute();
    await trx
      .deleteFrom('staffSession')
      .where('staffId', '=', own.id)
      .where('tokenHash', '!=', tokenHash(token))
      .execute();
    await audit(trx, clock, { staffId: own.id, act: 'staff.passwordChanged', subject: own.id });
  });
}

/** A new secret for an authenticator app; it counts once a code of it was shown. */
export async function beginSecondFactor(
  db: Pool,
  own: Own,
  password: string,
): Promise<{ secret: string; uri: string }> {
  await checkOwnPassword(db, own, password);
  const secret = newTotpSecret();
  await db
    .updateTable('staff')
    .set({ totpSecret: secret, totpEnabledAt: null, totpLastStep: null })
    .where('id', '=', own.id)
    .execute();
  return { secret, uri: totpUri(secret, own.username) };
}

/** Throws `session.wrong_code`. */
export async function confirmSecondFactor(
  db: Pool,
  clock: Clock,
  own: Own,
  code: string,
): Promise<void> {
  const row = await db
    .selectFrom('staff')
    .select(['totpSecret', 'totpLastStep'])
    .where('id', '=', own.id)
    .executeTakeFirstOrThrow();
  const now = clock.now();
  const step =
    row.totpSecret === null
      ? undefined
      : checkTotp(row.totpSecret, code, now.getTime(), row.totpLastStep);
  if (step === undefined) throw new LoginError('wrong_code');
  await db
    .updateTable('staff')
    .set({ totpEnabledAt: now, totpLastStep: step })
    .where('id', '=', own.id)
    .execute();
  await audit(db, clock, { staffId: own.id, act: 'staff.secondFactorAdded', subject: own.id });
}

export async function removeSecondFactor(
  db: Pool,
  clock: Clock,
  own: Own,
  password: string,
): Promise<void> {
  await checkOwnPassword(db, own, password);
  await db
    .updateTable('staff')
    .set({ totpSecret: null, totpEnabledAt: null, totpLastStep: null })
    .where('id', '=', own.id)
    .execute();
  await audit(db, clock, { staffId: own.id, act: 'staff.secondFactorRemoved', subject: own.id });
}

async function checkOwnPassword(db: Pool, { id }: Own, password: string): Promise<void> {
  const row = await db
    .selectFrom('staff')
    .select('passwordHash')
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  if (!(await verify(row.passwordHash, password))) throw new WrongPasswordError();
}
