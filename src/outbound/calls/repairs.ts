import type { Clock } from '../../core/clock.ts';
import type { ContactRow, Db, Pool, WorkOrderState } from '../../db/index.ts';
import { moveOrder, WorkOrderChangedError } from '../../workorders/index.ts';

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
  const actor = { name: `call:${callId}`, by: 'owner' } as const;
  const move = { number: repair.number, to, note, expectedState: 'done' } as const;
  await db
    .transaction()
    .execute((trx) => moveOrder(trx, clock, actor, move))
    .catch((error: unknown) => {
      // Somebody else moved it while the owner was speaking: their step stands.
      if (!(error instanceof WorkOrderChangedError)) throw error;
    });
}
