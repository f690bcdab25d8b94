import { AppError } from '../../core/errors.ts';

export class DoNotCallNotFoundError extends AppError {
  constructor() {
    super({
      code: 'do_not_call.not_found',
      status: 404,
      message: 'There is no such entry on the do-not-call list.',
    });
  }
}

/** The entry also counts for somebody with a home in another site. */
export class LiftedElsewhereError extends AppError {
  constructor() {
    super({
      code: 'permission.all_sites',
      status: 403,
      message:
        'Somebody of other sites is not called because of this entry; it is lifted by somebody who sees all sites.',
    });
  }
}

export class NobodyNamedError extends AppError {
  constructor() {
    super({
      code: 'do_not_call.nobody',
      status: 422,
      message: 'Say who is not to be called: give number or personId.',
      details: { field: 'number' },
    });
  }
}

export class BadEndError extends AppError {
  constructor() {
    super({
      code: 'do_not_call.bad_until',
      status: 422,
      message: 'until must lie ahead; null means for good.',
      details: { field: 'until' },
    });
  }
}

export class AlreadyListedError extends AppError {
  constructor(id: string) {
    super({
      code: 'do_not_call.exists',
      status: 409,
      message: 'An entry of this scope keeps them from being called already.',
      details: { id },
    });
  }
}

export class AlreadyLiftedError extends AppError {
  constructor() {
    super({
      code: 'do_not_call.lifted',
      status: 409,
      message: 'This entry was lifted already, or has ended.',
    });
  }
}

/** All of a list stands there already. */
export class NothingNewError extends AppError {
  /** What was found in the list, the wrong lines, too. */
  constructor({ known, ...faults }: { known: number; faultCount: number; faults: unknown[] }) {
    super({
      code: 'do_not_call.nothing_new',
      status: 409,
      message: `All ${known} numbers of this list are kept from being called already.`,
      details: { added: 0, known, ...faults },
    });
  }
}

export class BadNumberListError extends AppError {
  constructor(message: string) {
    super({ code: 'do_not_call.bad_list', status: 422, message, details: { field: 'file' } });
  }
}
