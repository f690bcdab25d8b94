import type { Clock } from '../core/clock.ts';
import type { Language } from '../core/language.ts';
import type { Db } from '../db/index.ts';
import type { WorkOrder } from '../db/schema.ts';
import { normaliseNumber } from '../property/index.ts';
import { raiseOrder } from './orders.ts';
import { WorkOrderReferenceError } from './work-order.errors.ts';

/** What a person or a program says of an order; the rest follows from room, person and call. */
export interface StaffOrder {
  kind: WorkOrder['kind'];
  category: string;
  summary: string;
  severity?: WorkOrder['severity'];
  source?: 'agent' | 'api';
  estateId?: string;
  roomId?: string;
  personId?: string;
  callId?: string;
  contactNumber?: string;
  language?: Language;
}

/** Makes an order. Throws `work_order.bad_reference` naming the field that does not fit. */
export async function raiseForStaff(
  db: Db,
  clock: Clock,
  order: StaffOrder,
  actor: string,
): Promise<WorkOrder> {
  const room = await referred(order.roomId, 'roomId', (id) =>
    db.selectFrom('room').select('estateId').where('id', '=', id).executeTakeFirst(),
  );
  const person = await referred(order.personId, 'personId', (id) =>
    db.selectFrom('person').select('language').where('id', '=', id).executeTakeFirst(),
  );
  const call = await referred(order.callId, 'callId', (id) =>
    db
      .selectFrom('call')
      .select(['estateId', 'callerNumber', 'language'])
      .where('id', '=', id)
      .executeTakeFirst(),
  );
  const estateId = room?.estateId ?? order.estateId ?? call?.estateId;
  if (estateId == null) {
    throw new WorkOrderReferenceError('estateId', 'is needed when neither room nor call names one');
  }
  if (order.estateId !== undefined && order.estateId !== estateId) {
    throw new WorkOrderReferenceError('roomId', 'lies in another estate than estateId says');
  }
  const estate = await referred(estateId, 'estateId', (id) =>
    db.selectFrom('estate').select('timeZone').where('id', '=', id).executeTakeFirst(),
  );
  const made = await raiseOrder(db, clock, {
    kind: order.kind,
    category: order.category,
    summary: order.summary,
    severity: order.severity ?? 'minor',
    source: order.source ?? 'agent',
    estateId,
    roomId: order.roomId,
    personId: order.personId,
    callId: order.callId,
    contactNumber: normaliseNumber(order.contactNumber ?? call?.callerNumber ?? ''),
    language: order.language ?? call?.language ?? person?.language ?? 'zh-CN',
    // A repeated request is answered by its Idempotency-Key; two orders alike may both be meant.
    idempotencyKey: undefined,
    actor,
    timeZone: estate?.timeZone ?? 'Asia/Shanghai',
  });
  // What the call came to, whoever talks to the caller afterwards.
  if (order.callId !== undefined) {
    await db
      .updateTable('call')
      .set({ outcome: 'order_made' })
      .where('id', '=', order.callId)
      .execute();
  }
  return made;
}

async function referred<Row>(
  id: string | undefined,
  field: string,
  read: (id: string) => Promise<Row | undefined>,
): Promise<Row | undefined> {
  if (id === undefined) return undefined;
  const row = await read(id);
  if (row === undefined) throw new WorkOrderReferenceError(field, 'names nothing that exists');
  return row;
}
