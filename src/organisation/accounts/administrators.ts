import { hash } from '@node-rs/argon2';
import type { Clock } from '../../core/clock.ts';
import { AppError } from '../../core/errors.ts';
import { newId } from '../../core/ids.ts';
import { within, type Db } from '../../db/index.ts';
import { audit } from '../audit/audit.ts';
import { checkPassword } from './passwords.ts';

class StaffError extends AppError {
  constructor(code: `staff.${string}`, message: string, field: string) {
    super({ code, status: 422, message, details: { field } });
  }
}

/**
 * Makes an administrator's account, outside the API because nobody could log in to make the first.
 * Throws `staff.bad_username`, `staff.weak_password` or `staff.username_taken`.
 */
export async function createAdministrator(
  db: Db,
  clock: Clock,
  { username, password }: { username: string; password: string },
): Promise<void> {
  if (!/^[a-z][a-z0-9._-]{1,39}$/.test(username)) {
    throw new StaffError(
      'staff.bad_username',
      'The username must begin with a small letter and have 2 to 40 small letters, digits, dots, dashes or underscores.',
      'username',
    );
  }
  checkPassword(password, username);
  const passwordHash = await hash(password);
  await within(db, async (trx) => {
    const made = await trx
      .insertInto('staff')
      .values({ id: newId(), username, displayName: username, role: 'admin', passwordHash })
      .onConflict((conflict) => conflict.column('username').doNothing())
      .returning('id')
      .executeTakeFirst();
    if (made === undefined) {
      const message = `There is an account "${username}" already; choose another name.`;
      throw new StaffError('staff.username_taken', message, 'username');
    }
    await audit(trx, clock, { staffId: null, act: 'staff.created', subject: made.id });
  });
}
