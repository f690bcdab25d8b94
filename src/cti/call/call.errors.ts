import { AppError } from '../../core/errors.ts';

/** The caller has hung up; whatever the call was doing ends with this. */
export class CallGoneError extends AppError {
  constructor() {
    super({ code: 'call.gone', status: 409, message: 'The caller has hung up.' });
  }
}
