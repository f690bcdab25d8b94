import { sql, type RawBuilder } from 'kysely';
import type { Db } from '../../db/index.ts';
import type { BillKind } from '../../db/schema.ts';
import { dayIn } from '../estates/days.ts';

/**
 * What homes owe: one sum for the telephone, the rules of campaigns, their evidence, texts, faxes and pages.
 * Owed is what is due by the day of the home's estate; what is due later is told apart.
 */
export interface Debt {
  count: number;
  fen: number;
  laterCount: number;
  laterFen: number;
}

export const noDebt: Debt = { count: 0, fen: 0, laterCount: 0, laterFen: 0 };

/** By room; rooms without an unpaid bill are left out. */
export async function debtsOf(
  db: Db,
  roomIds: readonly string[],
  now: Date,
  kinds?: readonly BillKind[],
): Promise<Map<string, Debt>> {
  if (roomIds.length === 0) return new Map();
  const rows = await debtRows(db, roomIds, now, kinds).execute();
  return new Map(rows.map(({ roomId, ...debt }) => [roomId, debt]));
}

/** One round trip, by the index of unpaid bills; see `debtsOf`. */
export function debtRows(
  db: Db,
  roomIds: readonly string[],
  now: Date,
  kinds?: readonly BillKind[],
) {
  const due = isDue(now);
  return db
    .selectFrom('bill')
    .innerJoin('room', 'room.id', 'bill.roomId')
    .innerJoin('estate', 'estate.id', 'room.estateId')
    .where('bill.roomId', 'in', roomIds)
    .whereRef('bill.paidFen', '<', 'bill.amountFen')
    .$if(kinds !== undefined, (query) => query.where('bill.kind', 'in', kinds ?? []))
    .groupBy('bill.roomId')
    .select([
      'bill.roomId',
      sql<number>`count(*) FILTER (WHERE ${due})::int`.as('count'),
      sql<number>`coalesce(sum(amount_fen - paid_fen) FILTER (WHERE ${due}), 0)::bigint`.as('fen'),
      sql<number>`count(*) FILTER (WHERE NOT ${due})::int`.as('laterCount'),
      sql<number>`coalesce(sum(amount_fen - paid_fen) FILTER (WHERE NOT ${due}), 0)::bigint`.as(
        'laterFen',
      ),
    ]);
}

export interface UnpaidBill {
  id: string;
  kind: BillKind;
  period: string;
  /** What is still owed, in fen. */
  amountFen: number;
  dueOn: string;
}

/** All that is owed by today, the oldest first. */
export function unpaidBills(
  db: Db,
  roomId: string,
  now = new Date(),
  kinds?: readonly BillKind[],
): Promise<UnpaidBill[]> {
  return billsOf(db, roomId, isDue(now), kinds)
    .orderBy('bill.period')
    .orderBy('bill.kind')
    .orderBy('bill.id')
    .execute();
}

/** What is not due yet, the next first. */
export function laterBills(
  db: Db,
  roomId: string,
  now: Date,
  kinds?: readonly BillKind[],
): Promise<UnpaidBill[]> {
  const notDue = sql<boolean>`NOT ${isDue(now)}`;
  return billsOf(db, roomId, notDue, kinds)
    .orderBy('bill.dueOn')
    .orderBy('bill.kind')
    .orderBy('bill.id')
    .execute();
}

function billsOf(db: Db, roomId: string, which: RawBuilder<boolean>, kinds?: readonly BillKind[]) {
  return db
    .selectFrom('bill')
    .innerJoin('room', 'room.id', 'bill.roomId')
    .innerJoin('estate', 'estate.id', 'room.estateId')
    .where('bill.roomId', '=', roomId)
    .whereRef('bill.paidFen', '<', 'bill.amountFen')
    .where(which)
    .$if(kinds !== undefined, (query) => query.where('bill.kind', 'in', kinds ?? []))
    .select(['bill.id', 'bill.kind', 'bill.period', 'bill.dueOn'])
    .select(sql<number>`amount_fen - paid_fen`.as('amountFen'));
}

function isDue(now: Date): RawBuilder<boolean> {
  return sql<boolean>`bill.due_on <= ${dayIn(now, sql.ref('estate.time_zone'))}`;
}
