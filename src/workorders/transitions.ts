import { checkTransition, type Transitions } from '../core/states.ts';
import type { WorkOrderKind, WorkOrderState } from '../db/schema.ts';
import { OwnerMustConfirmError, ReasonMissingError } from './work-order.errors.ts';

/**
 * new → accepted → dispatched → in_progress → done → confirmed → closed; cancelled from any state
 * before done. Done and confirmed go back to in_progress when the owner says "not fixed"; closed and
 * cancelled are for good, and what breaks again is a new order.
 */
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

/** Somebody's home was worked on, or somebody was wronged: whether it is right is for them to say. */
const confirmedByOwner: readonly WorkOrderKind[] = ['repair', 'complaint'];

/** `owner` is a caller's own keys; `supervisor` may decide for an owner who cannot be reached. */
export type Mover = 'owner' | 'staff' | 'supervisor';

/**
 * Returns `to`, or throws `work_order.illegal_transition`, `work_order.owner_must_confirm`, or
 * `work_order.reason_missing` where the note has to say why.
 */
export function nextState(
  order: { kind: WorkOrderKind; state: WorkOrderState },
  { to, by, note }: { to: WorkOrderState; by: Mover; note: string },
): WorkOrderState {
  checkTransition('work_order', workOrderTransitions, order.state, to);
  const decidesForOwner = by !== 'owner' && isOwnersDecision(order, to);
  if (decidesForOwner && by === 'staff') throw new OwnerMustConfirmError(to);
  if ((decidesForOwner || to === 'cancelled') && note.trim() === '') {
    throw new ReasonMissingError(to);
  }
  return to;
}

/** Where the order may go next, for buttons. */
export function nextStates(
  order: { kind: WorkOrderKind; state: WorkOrderState },
  by: Mover,
): WorkOrderState[] {
  return workOrderTransitions[order.state].filter(
    (to) => by !== 'staff' || !isOwnersDecision(order, to),
  );
}

/**
 * Throws `work_order.owner_must_confirm` when the kind would take from the owner what they have to say: done work is no
 * other kind of matter because staff want it closed.
 */
export function checkKind(
  order: { kind: WorkOrderKind; state: WorkOrderState },
  { to, by }: { to: WorkOrderKind; by: Mover },
): void {
  const takesAway = confirmedByOwner.includes(order.kind) && !confirmedByOwner.includes(to);
  if (order.state === 'done' && takesAway && by === 'staff') throw new OwnerMustConfirmError(to);
}

/** Nothing is worked on any more. */
export function isOver(state: WorkOrderState): boolean {
  return workOrderTransitions[state].length === 0;
}

function isOwnersDecision(
  order: { kind: WorkOrderKind; state: WorkOrderState },
  to: WorkOrderState,
): boolean {
  const skipsOwner = order.state === 'done' && (to === 'confirmed' || to === 'closed');
  return skipsOwner && confirmedByOwner.includes(order.kind);
}
