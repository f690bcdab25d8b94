import type { Clock } from '../../core/clock.ts';
import { newId } from '../../core/ids.ts';
import { emit, type ContactRow, type Db, type Pool, type WorkOrderState } from '../../db/index.ts';

export interface Repair {
  id: string;
  number: string;
  state: WorkOrderState;
}

/** The latest repair of the home that is done and waits for the owner's word; or was answered lately. */
export async function repairOf(
  db: Db,
  contact: ContactRow | undefined,
): Promise<Repair | undefined> {
  if (contact?.roomId == null) return undefined;
  return db
    .selectFrom('workOrder')
    .select(['id', 'number', 'state'])
    .where('roomId', '=', contact.roomId)
    .where('kind', '=', 'repair')
    .where('state', 'in', ['done', 'confirmed'])
    .orderBy('updatedAt', 'desc')
    .limit(1)
    .executeTakeFirst();
}

/** The owner says by key that it is mended. */
export function confirmRepair(parts: Parts, repair: Repair, callId: string): Promise<void> {
  return change(parts, repair, 'confirmed', callId, '业主在回访电话中确认已解决');
}

/** The owner says that it is not: work goes on. */
export function reopenRepair(parts: Parts, repair: Repair, callId: string): Promise<void> {
  return change(parts, repair, 'in_progress', callId, '业主在回访电话中表示未解决');
}

interface Parts {
  db: Pool;
  clock: Clock;
}

async function change(
  { db, clock }: Parts,
  repair: Repair,
  to: WorkOrderState,
  callId: string,
  note: string,
): Promise<void> {
  const now = clock.now();
  await db.transaction().execute(async (trx) => {
    const row = await trx
      .updateTable('workOrder')
      .set({ state: to, updatedAt: now })
      .where('id', '=', repair.id)
      .where('state', '=', 'done')
      .returning('id')
      .executeTakeFirst();
    if (row === undefined) return;
    await trx
      .insertInto('workOrderEvent')
      .values({
        id: newId(),
        workOrderId: repair.id,
        fromState: 'done',
        toState: to,
        actor: `call:${callId}`,
        note,
        at: now,
      })
      .execute();
    await emit(trx, 'workOrder.changed', { workOrderId: repair.id, from: 'done', to }, now);
  });
}
