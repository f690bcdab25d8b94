import { hash, verify } from '@node-rs/argon2';
import type { Clock } from '../../core/clock.ts';
import { emit, type Db, type Pool } from '../../db/index.ts';
import {
  countPinTry,
  forgivePinTry,
  newGuard,
  usualPinLimits,
  type PinGuard,
  type PinLimits,
} from './pin-guard.ts';

export type PinResult =
  /** Whose it was. */
  | { result: 'ok'; personId: string }
  | { result: 'wrong'; triesLeft: number }
  | { result: 'locked' }
  | { result: 'unset' };

export interface PinTry {
  personId: string;
  others?: readonly string[];
  number: string;
  pin: string;
  callId?: string;
}

interface Counted {
  isLocked: boolean;
  triesLeft: number;
  /** Keys that this try has locked, unless it is right. */
  locking: readonly string[];
  locks: number;
  lockedUntil: Date | null;
}

/**
 * Checks a phone PIN. Wrong ones lock the person and the caller's number for longer and longer, and an owner has a few
 * a day from whatever numbers; `pin-guard.ts` decides. A try is counted before it is checked, so that parallel
 * calls gain nothing. `others` share the home and the telephone: their PINs are as good, and a try is one for each.
 */
export async function verifyPin(
  db: Pool,
  clock: Clock,
  one: PinTry,
  limits: PinLimits = usualPinLimits,
): Promise<PinResult> {
  const { personId, others = [], number, pin } = one;
  const people = await db
    .selectFrom('person')
    .select(['id', 'pinHash'])
    .where('id', 'in', [personId, ...others])
    .where('pinHash', 'is not', null)
    .execute();
  if (people.length === 0) return { result: 'unset' };
  const owners = new Set([personId, ...people.map(({ id }) => id)]);
  const keys = [
    ...[...owners].map((id) => `person:${id}`),
    ...(number === '' ? [] : [`number:${number}`]),
  ].sort();
  const now = clock.now();
  const counted = await countTry(db, keys, now, limits);
  if (counted.isLocked) return { result: 'locked' };
  for (const { id, pinHash } of people) {
    if (pinHash === null || !(await verify(pinHash, pin))) continue;
    await forgive(db, keys, counted.locking, now);
    return { result: 'ok', personId: id };
  }
  if (counted.locking.length === 0) return { result: 'wrong', triesLeft: counted.triesLeft };
  const { locks, lockedUntil } = counted;
  await emit(
    db,
    'pin.locked',
    {
      ...{ personId, callId: one.callId ?? null, locks },
      lockedUntil: (lockedUntil ?? now).toISOString(),
    },
    now,
  );
  return { result: 'locked' };
}

/** One try on each key; none is counted where one of them is locked. */
function countTry(
  db: Pool,
  keys: readonly string[],
  now: Date,
  limits: PinLimits,
): Promise<Counted> {
  return db.transaction().execute(async (trx) => {
    await trx
      .insertInto('pinGuard')
      .values(keys.map((key) => ({ key, failures: 0, updatedAt: now })))
      .onConflict((conflict) => conflict.column('key').doNothing())
      .execute();
    const tries = (await guardsOf(trx, keys)).map(({ key, guard }) => ({
      key,
      ...countPinTry(guard, now, limits),
    }));
    const locking = tries.filter(({ isLast }) => isLast);
    const isLocked = tries.some((one) => one.isLocked);
    if (!isLocked) for (const { key, guard } of tries) await keep(trx, key, guard, now);
    return {
      ...{ isLocked, locking: locking.map(({ key }) => key) },
      triesLeft: Math.min(...tries.map((one) => one.triesLeft)),
      locks: Math.max(0, ...locking.map(({ guard }) => guard.locks)),
      lockedUntil: locking
        .map(({ guard }) => guard.lockedUntil)
        .reduce((last, at) => (last === null || (at !== null && at > last) ? at : last), null),
    };
  });
}

async function forgive(
  db: Pool,
  keys: readonly string[],
  locking: readonly string[],
  now: Date,
): Promise<void> {
  await db.transaction().execute(async (trx) => {
    for (const { key, guard } of await guardsOf(trx, keys)) {
      await keep(trx, key, forgivePinTry(guard, locking.includes(key)), now);
    }
  });
}

/** Always in the order of the keys, so that two calls do not wait for each other. */
async function guardsOf(
  trx: Db,
  keys: readonly string[],
): Promise<{ key: string; guard: PinGuard }[]> {
  const rows = await trx
    .selectFrom('pinGuard')
    .selectAll()
    .where('key', 'in', keys)
    .orderBy('key')
    .forUpdate()
    .execute();
  return rows.map(({ key, updatedAt: _, ...guard }) => ({ key, guard: { ...newGuard, ...guard } }));
}

async function keep(trx: Db, key: string, guard: PinGuard, now: Date): Promise<void> {
  await trx
    .updateTable('pinGuard')
    .set({ ...guard, updatedAt: now })
    .where('key', '=', key)
    .execute();
}

/** Four to eight digits; the clear text is never kept. */
export function hashPin(pin: string): Promise<string> {
  return hash(pin, { memoryCost: 19_456, timeCost: 2, parallelism: 1 });
}
