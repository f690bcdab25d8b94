import { AppError } from '../../core/errors.ts';

/** The caller has hung up; whatever the call was doing ends with this. */
export class CallGoneError extends AppError {
  constructor() {
    super({ code: 'call.gone', status: 409, message: 'The caller has hung up.' });
  }
}

/** A leg that was dialled did not come up. `cause` is Q.850 in the switch's words, e.g. `USER_BUSY`. */
export class LegFailedError extends AppError {
  readonly hangupCause: string;

  constructor(hangupCause: string) {
    super({
      code: 'leg.failed',
      status: 409,
      message: `The other telephone could not be reached (${hangupCause}).`,
      details: { hangupCause },
    });
    this.hangupCause = hangupCause;
  }
}
