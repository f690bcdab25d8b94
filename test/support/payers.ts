import { setTimeout as delay } from 'node:timers/promises';
import { systemClock } from '../../src/core/clock.ts';
import { payBill } from '../../src/property/index.ts';
import { finished, launch } from './campaigns.ts';
import type { Carrier } from './carrier.ts';
import { addHomes } from './homes.ts';
import type { Service } from './service.ts';
import { until } from './until.ts';

/** What became of homes that paid while they were called for their debt. */
export interface PayersLedger {
  homes: number;
  /** Paid before it rang there, and while it rang. */
  paidWaiting: number;
  paidRinging: number;
  /** Of the calls that began after the payment: how long after it the last one did. Null: none began. */
  latestCallMs: number | null;
  /** Of the telephones that rang when the payment came: how long after it the last one fell silent. */
  longestRingMs: number;
  /** Whoever rang there again, rang on, or was asked for a debt that was paid. */
  faults: string[];
}

/** A dialling already under way when the payment is committed is taken back by then. */
const toleranceMs = 1000;

/**
 * A collection at `homes` homes, two numbers each, whose telephones ring unanswered; every home pays at
 * some moment of the first seconds, before or while it rings. The zone of the estates must allow calls.
 */
export async function payDuring(
  service: Service,
  carrier: Carrier,
  { homes, building }: { homes: number; building: string },
): Promise<PayersLedger> {
  const { db } = service.database;
  // Mobile numbers of eleven digits: the dial policy takes nothing shorter.
  const numbersOf = (at: number) =>
    [1, 2].map((n) => `188${building}${n}${String(at).padStart(7 - building.length, '0')}`);
  const all = Array.from({ length: homes }, (_, at) => ({
    ...{ building, room: `${at}`, numbers: numbersOf(at), owedFen: 10_000 + at },
  }));
  for (const { numbers } of all) {
    for (const number of numbers) carrier.subscribers.set(number, { isAway: true });
  }
  const roomIds = await addHomes(db, all);
  const bills = await db
    .selectFrom('bill')
    .select(['id', 'roomId', 'amountFen'])
    .where('roomId', 'in', roomIds)
    .execute();
  const id = await launch(service, {
    name: '缴费即停',
    kind: 'arrears',
    settings: {
      audience: { roomIds, debt: {} },
      ...{ callsPerSecond: 10, maxLines: homes, ringSec: 45 },
    },
  });
  const callsTo = (at: number) => carrier.calls.filter((one) => numbersOf(at).includes(one.number));
  await until('the first to ring', () => all.some((_, at) => callsTo(at).length > 0), {
    timeoutMs: 60_000,
  });
  const paidAt = await Promise.all(
    roomIds.map(async (roomId) => {
      await delay(Math.random() * homes * 150);
      for (const { id: billId, amountFen } of bills.filter((one) => one.roomId === roomId)) {
        await db
          .transaction()
          .execute((trx) => payBill(trx, systemClock, { billId, amountFen, method: 'cash' }));
      }
      return Date.now();
    }),
  );
  await until('all to be silent', () => all.every((_, at) => callsTo(at).every(isOver)), {
    timeoutMs: 60_000,
  });
  // Nobody is left to call. Whoever would ring again does so now: nobody may.
  await finished(service, id);
  await delay(2 * toleranceMs);
  const ledger: PayersLedger = {
    ...{ homes, paidWaiting: 0, paidRinging: 0, latestCallMs: null, longestRingMs: 0, faults: [] },
  };
  paidAt.forEach((when, at) => enter(ledger, callsTo(at), when, numbersOf(at)[0] ?? ''));
  return ledger;
}

function enter(
  ledger: PayersLedger,
  calls: readonly Carrier['calls'][number][],
  paidAt: number,
  name: string,
): void {
  const before = calls.filter((one) => one.at <= paidAt);
  if (before.length === 0) ledger.paidWaiting += 1;
  else ledger.paidRinging += 1;
  for (const { at, endedAt = Infinity, answeredAt } of calls) {
    if (answeredAt !== undefined) ledger.faults.push(`${name} was told of a debt`);
    if (at > paidAt) {
      ledger.latestCallMs = Math.max(ledger.latestCallMs ?? 0, at - paidAt);
      if (at - paidAt > toleranceMs) ledger.faults.push(`${name} rang after it had paid`);
    }
    if (endedAt <= paidAt) continue;
    ledger.longestRingMs = Math.max(ledger.longestRingMs, endedAt - paidAt);
    if (endedAt - paidAt > 2 * toleranceMs) ledger.faults.push(`${name} rang on`);
  }
}

function isOver({ endedAt }: Carrier['calls'][number]): boolean {
  return endedAt !== undefined;
}
