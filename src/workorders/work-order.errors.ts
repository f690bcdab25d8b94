import { StaleError } from '../core/changes.ts';
import { AppError } from '../core/errors.ts';

export class WorkOrderNotFoundError extends AppError {
  constructor() {
    super({
      code: 'work_order.not_found',
      status: 404,
      message: 'There is no work order with this number.',
    });
  }
}

export class OwnerMustConfirmError extends AppError {
  constructor(to: string) {
    super({
      code: 'work_order.owner_must_confirm',
      status: 409,
      message: `Only the owner's own answer makes this order ${to}. Ask the owner, or let a supervisor do it with a reason in note.`,
      details: { field: 'to', to },
    });
  }
}

export class ReasonMissingError extends AppError {
  constructor(to: string) {
    super({
      code: 'work_order.reason_missing',
      status: 422,
      message: `Say in note why this order becomes ${to}.`,
      details: { field: 'note', to },
    });
  }
}

/** Somebody else was faster. */
export class WorkOrderChangedError extends StaleError {
  constructor(field: 'expectedState' | 'expectedUpdatedAt', actual: string) {
    super({
      code: 'work_order.changed',
      status: 409,
      message: `The order has changed since you read it; read it again. ${field} does not fit any more.`,
      details: { field, actual },
    });
  }
}

export class WorkOrderOverError extends AppError {
  constructor(state: string) {
    super({
      code: 'work_order.over',
      status: 409,
      message: `The order is ${state} and can no longer be edited; add a note, or make a new order.`,
      details: { state },
    });
  }
}

/** A reference of the new order does not fit. */
export class WorkOrderReferenceError extends AppError {
  constructor(field: string, fault: string) {
    super({
      code: 'work_order.bad_reference',
      status: 422,
      message: `${field} ${fault}.`,
      details: { field },
    });
  }
}
