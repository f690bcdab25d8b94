import { AppError } from '../core/errors.ts';

export class MessageNotFoundError extends AppError {
  constructor() {
    super({ code: 'message.not_found', status: 404, message: 'There is no such message.' });
  }
}

export class BadBounceError extends AppError {
  constructor() {
    super({
      code: 'bounce.unreadable',
      status: 400,
      message: 'This is no delivery report (RFC 3464) of a mail that this service sent.',
    });
  }
}
