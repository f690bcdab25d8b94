import { inScope, type Readable, type Scope } from '../db/index.ts';
import type { WorkOrder } from '../db/schema.ts';
import { WorkOrderNotFoundError } from './work-order.errors.ts';

/** Throws `work_order.not_found`, also for those of other sites. */
export async function orderIn(scope: Scope, db: Readable, number: string): Promise<WorkOrder> {
  const row = await inScope(db, scope, 'workOrder')
    .selectAll()
    .where('number', '=', number)
    .executeTakeFirst();
  if (row === undefined) throw new WorkOrderNotFoundError();
  return row;
}

/** What happened to an order, in the order in which it did. */
export function historyOf(scope: Scope, db: Readable, number: string) {
  return inScope(db, scope, 'workOrder')
    .innerJoin('workOrderEvent', 'workOrderEvent.workOrderId', 'workOrder.id')
    .select(['workOrderEvent.kind', 'fromState', 'toState', 'actor', 'note', 'changes', 'at'])
    .where('workOrder.number', '=', number)
    .orderBy('at')
    .orderBy('workOrderEvent.id')
    .execute();
}

/** Each with what was spoken for it and the name of its room. */
export async function withPlaces(scope: Scope, db: Readable, orders: readonly WorkOrder[]) {
  const orderIds = orders.map(({ id }) => id);
  const recordings =
    orderIds.length === 0
      ? []
      : await inScope(db, scope, 'recording')
          .select(['id', 'workOrderId', 'purpose', 'durationMs', 'missingMs'])
          .where('workOrderId', 'in', orderIds)
          .execute();
  const roomIds = orders.flatMap(({ roomId }) => (roomId === null ? [] : [roomId]));
  const rooms =
    roomIds.length === 0
      ? []
      : await inScope(db, scope, 'room')
          .select(['id', 'label'])
          .where('id', 'in', roomIds)
          .execute();
  return orders.map((order) => ({
    ...order,
    roomLabel: rooms.find((one) => one.id === order.roomId)?.label ?? null,
    recordings: recordings
      .filter((one) => one.workOrderId === order.id)
      .map(({ workOrderId: _order, ...one }) => one),
  }));
}
