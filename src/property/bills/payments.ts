import type { Clock } from '../../core/clock.ts';
import { newId } from '../../core/ids.ts';
import { emit, type Db } from '../../db/index.ts';
import type { Bill } from '../../db/schema.ts';
import { BillNotFoundError, OverpaidError } from '../property.errors.ts';

export interface Paid {
  payment: { id: string; billId: string; amountFen: number; method: string; paidAt: Date };
  bill: Bill;
}

/**
 * Takes a payment on a bill. `db` must be a transaction. Throws `bill.not_found`, or `bill.overpaid`
 * for more than is owed; two payments at once wait for each other.
 */
export async function payBill(
  db: Db,
  clock: Clock,
  { billId, amountFen, method }: { billId: string; amountFen: number; method: string },
): Promise<Paid> {
  const before = await db
    .selectFrom('bill')
    .select(['amountFen', 'paidFen'])
    .where('id', '=', billId)
    .forUpdate()
    .executeTakeFirst();
  if (before === undefined) throw new BillNotFoundError();
  const owedFen = before.amountFen - before.paidFen;
  if (amountFen > owedFen) throw new OverpaidError(owedFen);
  const now = clock.now();
  const payment = { id: newId(), billId, amountFen, method, paidAt: now };
  await db.insertInto('payment').values(payment).execute();
  const bill = await db
    .updateTable('bill')
    .set({ paidFen: before.paidFen + amountFen })
    .where('id', '=', billId)
    .returningAll()
    .executeTakeFirstOrThrow();
  const isSettled = amountFen === owedFen;
  const payload = { billId, paymentId: payment.id, amountFen, isSettled };
  await emit(db, 'bill.paid', payload, now);
  return { payment, bill };
}
