import { AppError } from '../core/errors.ts';

export class FaxNoTrunkError extends AppError {
  constructor() {
    super({
      code: 'fax.no_trunk',
      status: 409,
      message: 'There is no trunk to send faxes through; name one in TRUNKS.',
    });
  }
}

export class FaxBillsError extends AppError {
  constructor() {
    super({
      code: 'fax.bad_bills',
      status: 422,
      message: 'The bills of a fax must exist and belong to one home.',
    });
  }
}

export class FaxFontError extends AppError {
  constructor(cause: unknown) {
    super({
      code: 'fax.no_font',
      status: 501,
      message:
        'Pages cannot be drawn: the optional packages fontkitten and @fontsource-variable/noto-sans-sc are not installed.',
      cause,
    });
  }
}
