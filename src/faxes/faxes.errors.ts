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
