import { AppError } from '../core/errors.ts';
import type { NumberFault } from './numbers.ts';

export class PersonNotFoundError extends AppError {
  constructor() {
    super({ code: 'owner.not_found', status: 404, message: 'There is no such owner.' });
  }
}

export class PhoneNotFoundError extends AppError {
  constructor() {
    super({ code: 'phone.not_found', status: 404, message: 'This owner has no such phone.' });
  }
}

export class HomeNotFoundError extends AppError {
  constructor() {
    super({ code: 'home.not_found', status: 404, message: 'This owner has no such home.' });
  }
}

export class BillNotFoundError extends AppError {
  constructor() {
    super({ code: 'bill.not_found', status: 404, message: 'There is no such bill.' });
  }
}

const numberFaults: Readonly<Record<NumberFault | 'several' | 'emergency', string>> = {
  empty: 'number has no digits; write one such as 13800000001 or 010-88886666.',
  damaged:
    'number was made a quantity by a spreadsheet; format its cells as text and write it again.',
  masked: 'number has hidden digits; write all of them.',
  date: 'number is a date; write a telephone number.',
  letters: 'number has signs that no number has; write only digits, +, dashes and blanks.',
  lost_zero: 'number lacks the 0 of its area code, or the + of its country; write it with it.',
  shape:
    'number is no telephone number; write it such as 13800000001, 010-88886666 or +852 1234 5678.',
  several: 'number holds several numbers; enter each for itself.',
  emergency: 'number is an emergency number; it belongs to nobody.',
};

export class BadNumberError extends AppError {
  constructor(reason: NumberFault | 'several' | 'emergency') {
    super({
      code: 'phone.bad_number',
      status: 422,
      message: numberFaults[reason],
      details: { field: 'number', reason },
    });
  }
}

export class NumberTakenError extends AppError {
  constructor() {
    super({
      code: 'phone.exists',
      status: 409,
      message: 'This owner has this number already.',
      details: { field: 'number' },
    });
  }
}

export class RoomUnknownError extends AppError {
  constructor() {
    super({
      code: 'home.bad_room',
      status: 422,
      message: 'roomId names no room that exists.',
      details: { field: 'roomId' },
    });
  }
}

export class HomePeriodError extends AppError {
  constructor() {
    super({
      code: 'home.bad_period',
      status: 422,
      message: 'validFrom and validTo must be days that exist, and validTo not before validFrom.',
      details: { field: 'validTo' },
    });
  }
}

export class OverpaidError extends AppError {
  constructor(owedFen: number) {
    super({
      code: 'bill.overpaid',
      status: 422,
      message: `amountFen is more than the ${owedFen} fen that are still owed on this bill.`,
      details: { field: 'amountFen', owedFen },
    });
  }
}

export class BadAddressError extends AppError {
  constructor(channel: 'email' | 'fax') {
    super({
      code: 'address.bad',
      status: 422,
      message:
        channel === 'email'
          ? 'address must be a mail address such as name@example.com.'
          : 'address must be a fax number of 5 to 20 digits, such as 0571-8888 0001.',
      details: { field: 'address' },
    });
  }
}

export class AddressTakenError extends AppError {
  constructor() {
    super({
      code: 'address.exists',
      status: 409,
      message: 'This owner has this address already.',
      details: { field: 'address' },
    });
  }
}

export class AddressNotFoundError extends AppError {
  constructor() {
    super({ code: 'address.not_found', status: 404, message: 'This owner has no such address.' });
  }
}

export class ChoiceNotFoundError extends AppError {
  constructor() {
    super({
      code: 'choice.not_found',
      status: 404,
      message: 'This owner has chosen nothing for this topic.',
    });
  }
}

export class HotlineNotFoundError extends AppError {
  constructor() {
    super({ code: 'hotline.not_found', status: 404, message: 'There is no such hotline.' });
  }
}

export class HotlineQueueError extends AppError {
  constructor() {
    super({
      code: 'hotline.bad_queue',
      status: 422,
      message:
        'queueId: there is no such queue; GET /queues lists them, null means the one for all.',
      details: { field: 'queueId' },
    });
  }
}

export class HotlineHoursError extends AppError {
  constructor(day: string) {
    super({
      code: 'hotline.bad_hours',
      status: 422,
      message: `hours.${day}: each range must end after it begins, and none may overlap another.`,
      details: { field: `hours.${day}` },
    });
  }
}
