/** How often a PIN may be guessed. Plain decisions; rows and clocks are of `pins.ts`. */

/** What is known of one owner, or of one number that calls. */
export interface PinGuard {
  /** Wrong in a row, since the last lock. */
  failures: number;
  lockedUntil: Date | null;
  /** Until a week without one. */
  locks: number;
  lastLockAt: Date | null;
  /** The day of 24 hours in which `triesOfDay` are counted. */
  dayBeganAt: Date | null;
  triesOfDay: number;
}

export const newGuard: PinGuard = {
  ...{ failures: 0, lockedUntil: null, locks: 0, lastLockAt: null },
  ...{ dayBeganAt: null, triesOfDay: 0 },
};

export interface PinLimits {
  /** Wrong ones in a row before a lock. */
  maxFailures: number;
  /** Wrong ones, an owner and day, from whatever numbers. */
  triesADay: number;
  /** How long the first lock takes, the second, and all others. */
  lockMs: readonly number[];
}

const minute = 60_000;
const day = 24 * 60 * minute;
export const usualPinLimits: PinLimits = {
  ...{ maxFailures: 3, triesADay: 6 },
  lockMs: [30 * minute, 240 * minute, day],
};
const locksForgottenMs = 7 * day;

export interface TryCounted {
  guard: PinGuard;
  isLocked: boolean;
  /** If it is wrong. */
  triesLeft: number;
  /** It is the last one before a lock. */
  isLast: boolean;
}

/** Counts a try before it is judged, so that those at the same time gain nothing. */
export function countPinTry(
  before: PinGuard,
  now: Date,
  { maxFailures, triesADay, lockMs }: PinLimits = usualPinLimits,
): TryCounted {
  const guard = aged(before, now);
  if (guard.lockedUntil !== null) return { guard, isLocked: true, triesLeft: 0, isLast: false };
  guard.dayBeganAt ??= now;
  guard.failures += 1;
  guard.triesOfDay += 1;
  const isDayOver = guard.triesOfDay >= triesADay;
  const triesLeft = Math.max(
    0,
    Math.min(maxFailures - guard.failures, triesADay - guard.triesOfDay),
  );
  if (triesLeft > 0) return { guard, isLocked: false, triesLeft, isLast: false };
  const forMs = lockMs[Math.min(guard.locks, lockMs.length - 1)] ?? day;
  const nextDay = guard.dayBeganAt.getTime() + day;
  guard.lockedUntil = new Date(Math.max(now.getTime() + forMs, isDayOver ? nextDay : 0));
  guard.lastLockAt = now;
  guard.locks += 1;
  return { guard, isLocked: false, triesLeft: 0, isLast: true };
}

/** The PIN was right: what this try has counted is taken back, and wrong ones before it are forgiven for the lock. */
export function forgivePinTry(after: PinGuard, wasLast: boolean): PinGuard {
  return {
    ...after,
    failures: 0,
    triesOfDay: Math.max(0, after.triesOfDay - 1),
    ...(wasLast ? { lockedUntil: null, locks: Math.max(0, after.locks - 1) } : {}),
  };
}

function aged(before: PinGuard, now: Date): PinGuard {
  const guard = { ...before };
  const since = (at: Date | null) => (at === null ? Infinity : now.getTime() - at.getTime());
  if (guard.lockedUntil !== null && guard.lockedUntil <= now) {
    guard.lockedUntil = null;
    guard.failures = 0;
  }
  if (since(guard.lastLockAt) >= locksForgottenMs) guard.locks = 0;
  if (since(guard.dayBeganAt) >= day) {
    guard.dayBeganAt = null;
    guard.triesOfDay = 0;
  }
  return guard;
}
