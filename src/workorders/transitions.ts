import { checkTransition, type Transitions } from '../core/states.ts';
import { AppError } from '../core/errors.ts';
import type { WorkOrderKind, WorkOrderState } from '../db/schema.ts';

/** Done may be taken back by the owner ("not fixed"); closed and cancelled are for good. */
export const workOrderTransitions: Transitions<WorkOrderState> = {
  new: ['accepted', 'dispatched', 'cancelled'],
  accepted: ['dispatched', 'in_progress', 'done', 'cancelled'],
  dispatched: ['accepted', 'in_progress', 'done', 'cancelled'],
  in_progress: ['dispatched', 'done', 'cancelled'],
  done: ['in_progress', 'confirmed', 'closed'],
  confirmed: ['in_progress', 'closed'],
  closed: [],
  cancelled: [],
};

/** Somebody's home was worked on: whether it is right is for the owner to say. */
const confirmedByOwner: readonly WorkOrderKind[] = ['repair', 'complaint'];

export class NotTheOwnerError extends AppError {
  constructor(to: WorkOrderState) {
    super({
      code: 'work_order.owner_must_confirm',
      status: 409,
      message: `Only the owner's own answer makes this order ${to}; set it to done and the owner is asked.`,
      details: { field: 'state', to },
    });
  }
}

/**
 * Returns `to`, or throws `work_order.illegal_transition` or `work_order.owner_must_confirm`.
 * @param by `owner` is a caller's own keys, `staff` anyone logged in.
 */
export function nextState(
  order: { kind: WorkOrderKind; state: WorkOrderState },
  to: WorkOrderState,
  by: 'owner' | 'staff',
): WorkOrderState {
  const skipsOwner = order.state === 'done' && (to === 'confirmed' || to === 'closed');
  if (skipsOwner && by === 'staff' && confirmedByOwner.includes(order.kind)) {
    throw new NotTheOwnerError(to);
  }
  return checkTransition('work_order', workOrderTransitions, order.state, to);
}
