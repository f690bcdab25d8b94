import type { BillKind, Db } from '../db/index.ts';
import { debtsOf, laterBills, noDebt, unpaidBills } from '../property/index.ts';
import type { Vars } from '../content/index.ts';

/** Nobody listens to more; the rest is told as one sum. */
const mostRead = 12;

/**
 * What a home owes today, as flows say it: `{count:count}`, `{unpaid:bills}`, `{total:money}`; and what comes
 * after today, `{later:bills}` with `laterCount`.
 */
export async function spokenDebt(
  db: Db,
  roomId: string,
  now: Date,
  kinds?: readonly BillKind[],
): Promise<Vars & { count: number; total: number }> {
  const { count, fen, laterCount, laterFen } =
    (await debtsOf(db, [roomId], now, kinds)).get(roomId) ?? noDebt;
  const bills = count === 0 ? [] : await unpaidBills(db, roomId, now, kinds);
  const read = bills.length > mostRead ? bills.slice(0, mostRead - 1) : bills;
  const restFen = fen - read.reduce((sum, bill) => sum + bill.amountFen, 0);
  const later = laterCount === 0 ? [] : await laterBills(db, roomId, now, kinds);
  const laterRead = later.length > mostRead ? later.slice(0, mostRead - 1) : later;
  const laterRestFen = laterFen - laterRead.reduce((sum, bill) => sum + bill.amountFen, 0);
  return {
    count,
    laterCount,
    later: [
      ...laterRead.map(({ kind, period, amountFen, dueOn }) => ({
        kind,
        period,
        amountFen,
        dueOn,
      })),
      ...(laterCount > laterRead.length
        ? [{ kind: 'more', count: laterCount - laterRead.length, amountFen: laterRestFen }]
        : []),
    ],
    total: fen,
    unpaid: [
      ...read.map(({ kind, period, amountFen }) => ({ kind, period, amountFen })),
      ...(count > read.length
        ? [{ kind: 'more', count: count - read.length, amountFen: restFen }]
        : []),
      ...(laterCount > 0 ? [{ kind: 'later', count: laterCount, amountFen: laterFen }] : []),
    ],
  };
}
