import { sql } from 'kysely';
import { DateTime } from 'luxon';
import type { Clock } from '../core/clock.ts';
import { newId } from '../core/ids.ts';
import { emit, within, type Db } from '../db/index.ts';
import type { NewWorkOrder, WorkOrder } from '../db/schema.ts';

export type NewOrder = Pick<
  NewWorkOrder,
  | 'kind'
  | 'category'
  | 'severity'
  | 'source'
  | 'estateId'
  | 'contactNumber'
  | 'language'
  | 'summary'
> & {
  roomId: string | undefined;
  personId: string | undefined;
  callId: string | undefined;
  /** The same key makes the same order once. */
  idempotencyKey: string | undefined;
  actor: string;
  timeZone: string;
};

/** Makes a work order with the next number of the day; the same key returns the order made before. */
export async function raiseOrder(db: Db, clock: Clock, order: NewOrder): Promise<WorkOrder> {
  const { actor, timeZone, roomId, personId, callId, idempotencyKey, ...facts } = order;
  const now = clock.now();
  return within(db, async (trx) => {
    // Whoever asks for the same order at the same time waits for it, and finds it.
    if (idempotencyKey !== undefined) {
      await sql`SELECT pg_advisory_xact_lock(hashtextextended(${idempotencyKey}, 0))`.execute(trx);
    }
    const before = await byKey(trx, idempotencyKey);
    if (before !== undefined) return before;
    const made = await trx
      .insertInto('workOrder')
      .values({
        ...facts,
        id: newId(),
        number: await nextNumber(trx, now, timeZone),
        state: 'new',
        roomId: roomId ?? null,
        personId: personId ?? null,
        callId: callId ?? null,
        idempotencyKey: idempotencyKey ?? null,
        createdAt: now,
        updatedAt: now,
      })
      .returningAll()
      .executeTakeFirstOrThrow();
    await trx
      .insertInto('workOrderEvent')
      .values({
        id: newId(),
        workOrderId: made.id,
        fromState: null,
        toState: 'new',
        actor,
        note: '',
        at: now,
      })
      .execute();
    const payload = {
      workOrderId: made.id,
      number: made.number,
      kind: made.kind,
      callId: made.callId,
    };
    await emit(trx, 'workOrder.raised', payload, now);
    return made;
  });
}

function byKey(db: Db, key: string | undefined): Promise<WorkOrder | undefined> {
  if (key === undefined) return Promise.resolve(undefined);
  return db
    .selectFrom('workOrder')
    .selectAll()
    .where('idempotencyKey', '=', key)
    .executeTakeFirst();
}

/** `261122-0037`: the row lock of the day's counter makes two callers wait for each other. */
async function nextNumber(db: Db, now: Date, timeZone: string): Promise<string> {
  const day = DateTime.fromJSDate(now, { zone: timeZone }).toFormat('yyMMdd');
  const { last } = await db
    .insertInto('workOrderCounter')
    .values({ day, last: 1 })
    .onConflict((conflict) =>
      conflict.column('day').doUpdateSet((row) => ({ last: row('workOrderCounter.last', '+', 1) })),
    )
    .returning('last')
    .executeTakeFirstOrThrow();
  return `${day}-${String(last).padStart(4, '0')}`;
}

/** Open orders of a room, newest first. */
export function openOrders(db: Db, roomId: string): Promise<WorkOrder[]> {
  return db
    .selectFrom('workOrder')
    .selectAll()
    .where('roomId', '=', roomId)
    .where('state', 'not in', ['closed', 'cancelled'])
    .orderBy('createdAt', 'desc')
    .limit(5)
    .execute();
}
