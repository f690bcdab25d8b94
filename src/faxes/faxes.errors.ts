import { AppError } from '../core/errors.ts';

export class FaxImpossibleError extends AppError {
  constructor() {
    super({
      code: 'fax.not_possible',
      status: 501,
      message:
        'This switch cannot fax: the embedded one has no modem. Faxes need a FreeSWITCH with mod_spandsp.',
    });
  }
}

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
