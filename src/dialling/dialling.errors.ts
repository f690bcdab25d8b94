import { AppError } from '../core/errors.ts';
import type { DialRefusal } from './policy.ts';

const refusals: Readonly<
  Record<DialRefusal, { code: string; status: number; message: string; retryable?: boolean }>
> = {
  bad_number: {
    code: 'dial.bad_number',
    status: 422,
    message: 'This is no telephone number; give its digits, with + in front of a country code.',
  },
  international: {
    code: 'dial.international',
    status: 403,
    message: 'Numbers abroad are not dialled; an administrator may allow a prefix in DIAL_ALLOW.',
  },
  premium: {
    code: 'dial.premium',
    status: 403,
    message: 'Charged services and satellite telephones are not dialled.',
  },
  emergency: {
    code: 'dial.emergency',
    status: 403,
    message: 'Emergency numbers are dialled by supervisors only; ask one at once.',
  },
  not_allowed: {
    code: 'dial.not_allowed',
    status: 403,
    message: 'Numbers of this kind are not dialled; DIAL_ALLOW names those that are.',
  },
  agent_limit: {
    code: 'dial.agent_limit',
    status: 429,
    message: 'You have dialled as often as one person may in a day (DIAL_MAX_PER_AGENT).',
  },
  number_limit: {
    code: 'dial.number_limit',
    status: 429,
    message: 'This number was dialled as often as it may be in a day (DIAL_MAX_PER_NUMBER).',
  },
  day_limit: {
    code: 'dial.day_limit',
    status: 429,
    message: 'As many calls were made today as may be made in a day (DIAL_MAX_PER_DAY).',
  },
  uncounted: {
    code: 'dial.uncounted',
    status: 503,
    message: 'What was dialled today cannot be counted now, so no limit can be kept; try again.',
    retryable: true,
  },
};

export class DialRefusedError extends AppError {
  readonly refusal: DialRefusal;

  constructor(refusal: DialRefusal) {
    super({ ...refusals[refusal], details: { field: 'number' } });
    this.refusal = refusal;
  }
}
