import { DateTime } from 'luxon';
import { minuteMs } from '../calendar.ts';
import type { GraphHome } from '../graph.ts';
import type { RowOf } from '../rows.ts';
import type { Stage } from '../stage.ts';

const dayMs = 24 * 60 * minuteMs;
/** Property fee of a month, in fen for each square metre. */
const feePerSquareMetre = 245;
const methods = { wechat: 45, alipay: 30, transfer: 12, card: 8, cash: 5 } as const;

/** Bills that were overdue when a campaign reminded of them. */
export interface Arrears {
  owed: (roomId: string | null, at: number) => number;
  /** Somebody there was spoken to, or will pay without it. */
  willPay: (roomId: string | null, from: number, isPromised: boolean) => void;
  /** Homes that pay before anybody has called them. */
  paysFirst: (roomId: string | null, at: number) => void;
}

/** A bill for each home, two months old when the campaign begins. */
export function addArrears(
  { history, ids, chance, days }: Stage,
  homes: readonly GraphHome[],
  startsAt: number,
): Arrears {
  const end = days.at(-1)?.endMs ?? startsAt;
  const month = DateTime.fromMillis(startsAt, { zone: 'Asia/Shanghai' }).minus({ months: 2 });
  const period = month.toFormat('yyyy-MM');
  const createdAt = month.startOf('month').toMillis();
  const bills = new Map<string, RowOf<'bill'>>();
  const paidAt = new Map<string, number>();
  for (const { roomId, areaCm2 } of homes) {
    const amountFen = Math.round((areaCm2 / 10_000) * feePerSquareMetre);
    const bill: RowOf<'bill'> = {
      ...{ id: ids.at(createdAt), roomId, kind: 'property', period, amountFen, paidFen: 0 },
      ...{ dueOn: `${period}-25`, createdAt: new Date(createdAt) },
    };
    bills.set(roomId, bill);
    history.bill.push(bill);
  }
  const pay = (roomId: string, at: number): void => {
    const bill = bills.get(roomId);
    if (bill === undefined || paidAt.has(roomId) || at >= end) return;
    paidAt.set(roomId, at);
    bill.paidFen = bill.amountFen;
    history.payment.push({
      ...{ id: ids.at(at), billId: bill.id, amountFen: bill.amountFen },
      ...{ method: chance.weighted(methods), paidAt: new Date(Math.round(at)) },
    });
  };
  return {
    owed(roomId, at) {
      const bill = bills.get(roomId ?? '');
      const paid = paidAt.get(roomId ?? '');
      return bill === undefined || (paid !== undefined && paid <= at) ? 0 : bill.amountFen;
    },
    paysFirst: (roomId, at) => roomId !== null && pay(roomId, at),
    willPay(roomId, from, isPromised) {
      // A few pay as they said, most within a week or two, and some are still to come.
      if (roomId === null || !chance.is(isPromised ? 0.92 : 0.8)) return;
      pay(roomId, from + chance.between(0.05, isPromised ? 6 : 14) * dayMs);
    },
  };
}
