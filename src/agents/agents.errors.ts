import { AppError } from '../core/errors.ts';

export class StandbyError extends AppError {
  constructor() {
    super({
      code: 'service.standby',
      status: 503,
      message:
        'This service does not drive the switch: another one does, or the switch was never reached. Ask the one whose /api/v1/health says ready, or try again.',
      retryable: true,
    });
  }
}

export class NotSeatedError extends AppError {
  constructor() {
    super({
      code: 'agent.not_seated',
      status: 409,
      message: 'Take a seat first: POST /api/v1/agents/me/session.',
    });
  }
}

export class AlreadySeatedError extends AppError {
  constructor(phone: string) {
    super({
      code: 'agent.already_seated',
      status: 409,
      message: 'You have this seat, with this telephone, already.',
      details: { phone },
    });
  }
}

export class AlreadyPresentError extends AppError {
  constructor(presence: string, reason: string | null) {
    super({
      code: 'agent.already_so',
      status: 409,
      message: `The agent is ${presence} already.`,
      details: { presence, reason },
    });
  }
}

export class OfferOverError extends AppError {
  /** @param state how it ended. */
  constructor(state: string) {
    super({
      code: 'offer.over',
      status: 409,
      message: `This offer is over (${state}); nothing rings any more.`,
      details: { state },
    });
  }
}

export class OfferNotFoundError extends AppError {
  constructor() {
    super({ code: 'offer.not_found', status: 404, message: 'There is no such offer to you.' });
  }
}

export class NotListeningError extends AppError {
  constructor() {
    super({
      code: 'supervision.none',
      status: 409,
      message: 'You do not listen to this call.',
    });
  }
}

export class AlreadyListeningError extends AppError {
  constructor(mode: string) {
    super({
      code: 'supervision.already',
      status: 409,
      message: `You are in this call in this way (${mode}) already.`,
      details: { mode },
    });
  }
}

export class AlarmOverError extends AppError {
  /** @param acknowledgedBy null for one that ended by itself. */
  constructor(acknowledgedBy: string | null) {
    super({
      code: 'alarm.over',
      status: 409,
      message:
        acknowledgedBy === null
          ? 'What this alarm told of is over.'
          : `${acknowledgedBy} takes care of this alarm already.`,
      details: { acknowledgedBy },
    });
  }
}

export class AlarmNotFoundError extends AppError {
  constructor() {
    super({ code: 'alarm.not_found', status: 404, message: 'There is no such alarm.' });
  }
}

export class SeatNumberError extends AppError {
  constructor() {
    super({
      code: 'agent.number_missing',
      status: 400,
      message: 'number must hold the digits of the outside telephone that is to ring.',
      details: { field: 'number' },
    });
  }
}

export class BreakReasonError extends AppError {
  constructor() {
    super({
      code: 'agent.reason_missing',
      status: 400,
      message: 'reason must name one of GET /api/v1/break-reasons.',
      details: { field: 'reason' },
    });
  }
}

export class AgentBusyError extends AppError {
  constructor() {
    super({
      code: 'agent.busy',
      status: 409,
      message: 'The agent is in a call or a wrap-up; end it first.',
    });
  }
}

/** Somebody else has the call, or it is over. */
export class NotYourCallError extends AppError {
  constructor() {
    super({
      code: 'conversation.not_yours',
      status: 409,
      message: 'You do not talk in this call now.',
    });
  }
}

export class ConversationStateError extends AppError {
  constructor(act: string, state: string) {
    super({
      code: 'conversation.wrong_state',
      status: 409,
      message: `"${act}" is not possible while the conversation is ${state}.`,
      details: { act, state },
    });
  }
}

/** Whoever is to take the call, or to be asked, is in it already. */
export class AlreadyInCallError extends AppError {
  constructor(who: 'you' | 'customer' | 'party') {
    const names = {
      you: 'You have the call already',
      customer: 'This is the number of the customer, who is on the line',
      party: 'They are in this call already',
    };
    super({
      code: 'conversation.already_in',
      status: 409,
      message: `${names[who]}; choose somebody else.`,
      details: { who },
    });
  }
}

export class NobodyThereError extends AppError {
  constructor(reason: string) {
    super({
      code: 'conversation.nobody_there',
      status: 409,
      message: `The other party cannot be reached now (${reason}).`,
      details: { reason },
    });
  }
}

export class QueueNotFoundError extends AppError {
  constructor() {
    super({ code: 'queue.not_found', status: 404, message: 'There is no such queue.' });
  }
}

export class QueueCodeTakenError extends AppError {
  constructor(queueCode: string) {
    super({
      code: 'queue.code_taken',
      status: 409,
      message: 'Another queue has this code; choose another one.',
      details: { field: 'code', code: queueCode },
    });
  }
}

export class QueueSettingsError extends AppError {
  constructor(field: string, message: string) {
    super({ code: 'queue.bad_settings', status: 422, message, details: { field } });
  }
}

export class QueueInUseError extends AppError {
  constructor() {
    super({
      code: 'queue.in_use',
      status: 409,
      message:
        'Records or flows speak of this queue, so it stays; switch it off instead: isActive false.',
    });
  }
}

export class PhoneElsewhereError extends AppError {
  constructor() {
    super({
      code: 'phone.elsewhere',
      status: 409,
      message: 'Your softphone is in use in another browser; take it with isTaking.',
    });
  }
}

export class NoTrunkError extends AppError {
  constructor() {
    super({
      code: 'dial.no_trunk',
      status: 409,
      message: 'No trunk leads to outside numbers: name one in TRUNKS.',
    });
  }
}
