import { AppError } from '../core/errors.ts';

export type PasswordFault = 'too_short' | 'holds_username' | 'too_uniform' | 'too_common';

const faults: Readonly<Record<PasswordFault, string>> = {
  too_short: 'is too short',
  holds_username: 'must not hold the username',
  too_uniform: 'must have at least five different characters',
  too_common: 'is one that everybody tries first',
};

export class WeakPasswordError extends AppError {
  constructor(fault: PasswordFault, shortest: number) {
    super({
      code: 'staff.weak_password',
      status: 422,
      message: `password ${faults[fault]}; take at least ${shortest} characters that nobody guesses.`,
      details: { field: 'password', fault, shortest },
    });
  }
}

export class LoginError extends AppError {
  /** @param retryAfterSec of `locked`. */
  constructor(
    reason: 'locked' | 'wrong_credentials' | 'code_required' | 'wrong_code',
    retryAfterSec?: number,
  ) {
    super({
      code: `session.${reason}`,
      status: reason === 'locked' ? 429 : 401,
      message: {
        locked: 'Too many wrong tries from here; wait retryAfterSec seconds.',
        wrong_credentials: 'The username or the password is wrong.',
        code_required: 'Send the code of your authenticator app as "code", too.',
        wrong_code: 'The code is wrong or was used already; wait for the next one.',
      }[reason],
      ...(retryAfterSec === undefined ? {} : { details: { retryAfterSec } }),
    });
  }
}

export class UsernameTakenError extends AppError {
  constructor(username: string) {
    super({
      code: 'staff.username_taken',
      status: 409,
      message: 'Somebody has this username already; choose another one.',
      details: { field: 'username', username },
    });
  }
}

export class LastAdminError extends AppError {
  constructor() {
    super({
      code: 'staff.last_admin',
      status: 409,
      message:
        'This is the last administrator of all sites who can log in; make another one first.',
    });
  }
}

/** Rights of another person's hand: whoever sits at an administrator's screen must not free themselves of the app. */
export class OwnAccountError extends AppError {
  constructor(field: OwnGuarded) {
    const ways = {
      isSecondFactorRemoved: 'DELETE /me/second-factor with a code of the app',
      password: 'PUT /me/password with the present one',
      isUnlocked: 'the time that is told',
    };
    super({
      code: 'staff.own_account',
      status: 403,
      message: `${field} of your own account is changed by another administrator, or by ${ways[field]}.`,
      details: { field },
    });
  }
}

export type OwnGuarded = 'isSecondFactorRemoved' | 'password' | 'isUnlocked';

export class SecondFactorStateError extends AppError {
  constructor(state: 'none' | 'not_begun') {
    super({
      code: state === 'none' ? 'second_factor.none' : 'second_factor.not_begun',
      status: 409,
      message:
        state === 'none'
          ? 'There is no authenticator app on this account.'
          : 'Ask for a new secret first: POST /me/second-factor.',
    });
  }
}

export class SamePasswordError extends AppError {
  constructor() {
    super({
      code: 'staff.same_password',
      status: 409,
      message: 'This is your present password; choose another one.',
      details: { field: 'next' },
    });
  }
}

export class UnknownStaffError extends AppError {
  constructor() {
    super({ code: 'staff.not_found', status: 404, message: 'There is no such person.' });
  }
}

export class WiderSitesError extends AppError {
  constructor() {
    super({
      code: 'staff.wider_sites',
      status: 403,
      message: 'You see some sites only, so an account gets at least one, and none but yours.',
      details: { field: 'siteIds' },
    });
  }
}

/** Of the lists that an office keeps. */
export class CodeNotFoundError extends AppError {
  constructor(code: string) {
    super({
      code: 'code.not_found',
      status: 404,
      message: 'The list has no such code.',
      details: { code },
    });
  }
}

export class UnknownCodeError extends AppError {
  constructor(field: string, values: readonly string[]) {
    super({
      code: 'staff.unknown_code',
      status: 422,
      message: `${field} names what does not exist: ${values.join(', ')}.`,
      details: { field, values },
    });
  }
}

export class WrongPasswordError extends AppError {
  constructor() {
    super({
      code: 'staff.wrong_password',
      status: 403,
      message: 'The present password is wrong.',
      details: { field: 'current' },
    });
  }
}

/** An open session alone does not make administrators, nor takes a second factor or a password from one. */
export class ConfirmRequiredError extends AppError {
  constructor() {
    super({
      code: 'staff.confirm_required',
      status: 403,
      message:
        'Send your own password as confirm.password, and confirm.code where your second factor is on: this gives or takes what guards administrators.',
      details: { field: 'confirm' },
    });
  }
}
