import type { OrderStepKind } from '../contract/codes.ts';
import { UnchangedError } from '../core/changes.ts';
import type { Clock } from '../core/clock.ts';
import { newId } from '../core/ids.ts';
import { emit, type Db } from '../db/index.ts';
import type { WorkOrder, WorkOrderState } from '../db/schema.ts';
import { checkKind, isOver, nextState, type Mover } from './transitions.ts';
import {
  WorkOrderChangedError,
  WorkOrderNotFoundError,
  WorkOrderOverError,
} from './work-order.errors.ts';

/** Who does it: for the history, and for what they may do. */
export interface Actor {
  /** `staff:<id>`, `ivr`, `system`. */
  name: string;
  by: Mover;
}

/**
 * Moves an order to its next state, with its history and its event. `db` must be a transaction.
 * Throws `work_order.changed` when it is no longer in `expectedState`, and what `nextState` throws.
 */
export async function moveOrder(
  db: Db,
  clock: Clock,
  actor: Actor,
  move: { number: string; to: WorkOrderState; note: string; expectedState?: WorkOrderState },
): Promise<WorkOrder> {
  const order = await lockOrder(db, move.number);
  if (move.expectedState !== undefined && move.expectedState !== order.state) {
    throw new WorkOrderChangedError('expectedState', order.state);
  }
  const to = nextState(order, { to: move.to, by: actor.by, note: move.note });
  const now = clock.now();
  const moved = await update(db, order.id, { state: to }, now);
  await addStep(db, order, { kind: 'transition', to, actor, note: move.note, changes: {} }, now);
  const payload = { workOrderId: order.id, number: order.number, from: order.state, to };
  await emit(db, 'workOrder.changed', payload, now);
  return moved;
}

/** Adds a note, also to an order that is over. `db` must be a transaction. */
export async function noteOrder(
  db: Db,
  clock: Clock,
  actor: Actor,
  { number, note }: { number: string; note: string },
): Promise<WorkOrder> {
  const order = await lockOrder(db, number);
  const now = clock.now();
  const noted = await update(db, order.id, {}, now);
  await addStep(db, order, { kind: 'note', to: order.state, actor, note, changes: {} }, now);
  await emit(db, 'workOrder.noted', { workOrderId: order.id, number }, now);
  return noted;
}

export interface OrderEdit {
  number: string;
  summary?: string;
  kind?: WorkOrder['kind'];
  category?: string;
  severity?: WorkOrder['severity'];
  expectedUpdatedAt?: string;
}

/**
 * Mends what an order says. `db` must be a transaction. Throws `request.unchanged` when all of it stands, and what
 * `checkKind` throws.
 */
export async function editOrder(
  db: Db,
  clock: Clock,
  actor: Actor,
  { number, expectedUpdatedAt, ...edit }: OrderEdit,
): Promise<WorkOrder> {
  const order = await lockOrder(db, number);
  const seen = expectedUpdatedAt === undefined ? undefined : Date.parse(expectedUpdatedAt);
  if (seen !== undefined && seen !== order.updatedAt.getTime()) {
    throw new WorkOrderChangedError('expectedUpdatedAt', order.updatedAt.toISOString());
  }
  if (isOver(order.state)) throw new WorkOrderOverError(order.state);
  const changes = changesOf(order, edit);
  if (edit.kind !== undefined) checkKind(order, { to: edit.kind, by: actor.by });
  if (Object.keys(changes).length === 0) throw new UnchangedError(Object.keys(edit));
  const now = clock.now();
  const edited = await update(db, order.id, edit, now);
  await addStep(db, order, { kind: 'edit', to: order.state, actor, note: '', changes }, now);
  const payload = { workOrderId: order.id, number, fields: Object.keys(changes) };
  await emit(db, 'workOrder.edited', payload, now);
  return edited;
}

type Changes = Record<string, { from: string; to: string }>;

function changesOf(order: WorkOrder, edit: Omit<OrderEdit, 'number'>): Changes {
  const changes: Changes = {};
  for (const field of ['summary', 'kind', 'category', 'severity'] as const) {
    const to = edit[field];
    if (to !== undefined && to !== order[field]) changes[field] = { from: order[field], to };
  }
  return changes;
}

/** The row lock makes two people who press at once wait for each other. */
async function lockOrder(db: Db, number: string): Promise<WorkOrder> {
  const order = await db
    .selectFrom('workOrder')
    .selectAll()
    .where('number', '=', number)
    .forUpdate()
    .executeTakeFirst();
  if (order === undefined) throw new WorkOrderNotFoundError();
  return order;
}

function update(
  db: Db,
  id: string,
  change: Partial<Pick<WorkOrder, 'state' | 'summary' | 'kind' | 'category' | 'severity'>>,
  now: Date,
): Promise<WorkOrder> {
  return db
    .updateTable('workOrder')
    .set({ ...change, updatedAt: now })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow();
}

async function addStep(
  db: Db,
  order: WorkOrder,
  step: {
    kind: OrderStepKind;
    to: WorkOrderState;
    actor: Actor;
    note: string;
    changes: Changes;
  },
  now: Date,
): Promise<void> {
  await db
    .insertInto('workOrderEvent')
    .values({
      id: newId(),
      workOrderId: order.id,
      kind: step.kind,
      fromState: order.state,
      toState: step.to,
      actor: step.actor.name,
      note: step.note,
      changes: JSON.stringify(step.changes),
      at: now,
    })
    .execute();
}
