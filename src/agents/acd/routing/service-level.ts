/**
 * Service level, in the three ways in which the trade counts it. Every report names its formula,
 * since the same day gives different percentages.
 */
export type ServiceLevelFormula =
  /** Answered within the limit ÷ (offered − abandoned so soon that nobody could have answered). */
  | 'answered_of_offered_less_short'
  /** Answered within the limit ÷ offered: every abandoned caller counts against it. */
  | 'answered_of_offered'
  /** Left the queue within the limit in any way (answered, abandoned, callback) ÷ queued. */
  | 'left_within_limit';

export const defaultServiceLevelFormula: ServiceLevelFormula = 'answered_of_offered_less_short';
/** Whoever hangs up within this long did not wait for an answer. */
export const shortAbandonMs = 5000;

export interface ServiceLevelCounts {
  /** Calls that entered the queue and are no longer waiting. */
  offered: number;
  answeredWithin: number;
  /** Abandoned before `shortAbandonMs`. */
  abandonedShort: number;
  abandonedWithin: number;
  /** Chose to be called back, within the limit. */
  callbackWithin: number;
}

/** Percent; null when there is nothing to divide by. */
export function serviceLevel(
  counts: ServiceLevelCounts,
  formula: ServiceLevelFormula = defaultServiceLevelFormula,
): number | null {
  const { offered, answeredWithin, abandonedShort, abandonedWithin, callbackWithin } = counts;
  switch (formula) {
    case 'answered_of_offered_less_short':
      return percent(answeredWithin, offered - abandonedShort);
    case 'answered_of_offered':
      return percent(answeredWithin, offered);
    case 'left_within_limit':
      return percent(answeredWithin + abandonedWithin + callbackWithin, offered);
  }
}

/** One finished wait, as the counts want it. */
export interface FinishedWait {
  waitedMs: number;
  end: 'answered' | 'abandoned' | 'callback' | 'overflowed';
}

/**
 * Of two waits of one call in one queue, the one that counts: a caller who comes back to a queue is one caller of it.
 * Answered once is answered; else what came last, and being passed on to another queue least of all. The report says
 * the same in SQL (`src/reporting/queues.ts`). Pure.
 */
export function countedWait(before: FinishedWait | undefined, next: FinishedWait): FinishedWait {
  if (before === undefined || before.end === 'overflowed') return next;
  return before.end === 'answered' || next.end === 'overflowed' ? before : next;
}

/** Counts waits against a limit; callers who overflowed were not offered to this queue's people. */
export function countWaits(
  waits: Iterable<FinishedWait>,
  serviceLevelSec: number,
): ServiceLevelCounts {
  const counts = {
    offered: 0,
    answeredWithin: 0,
    abandonedShort: 0,
    abandonedWithin: 0,
    callbackWithin: 0,
  };
  for (const { waitedMs, end } of waits) {
    if (end === 'overflowed') continue;
    counts.offered += 1;
    const isWithin = waitedMs <= serviceLevelSec * 1000;
    if (end === 'answered' && isWithin) counts.answeredWithin += 1;
    if (end === 'callback' && isWithin) counts.callbackWithin += 1;
    if (end === 'abandoned' && isWithin) counts.abandonedWithin += 1;
    if (end === 'abandoned' && waitedMs < shortAbandonMs) counts.abandonedShort += 1;
  }
  return counts;
}

function percent(part: number, whole: number): number | null {
  return whole > 0 ? (100 * part) / whole : null;
}
