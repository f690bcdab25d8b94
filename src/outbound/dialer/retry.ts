import type { AttemptResult } from './results.ts';
import { successfulResults } from './results.ts';

/** What to do after a result: how long to wait and how often, on the same number or the next. */
export interface RetryRule {
  /** Tries of one number that end so, the first included; after them the number is given up. */
  tries: number;
  afterSec: number;
  /** Which number comes next while there are tries left. */
  then: 'same' | 'next';
}

export type RetryPolicy = Readonly<Partial<Record<AttemptResult, RetryRule>>>;

/**
 * Busy people are soon free, a phone that is off comes back in hours, an invalid number never. Whoever
 * declined twice has answered. A person who was abandoned is not called by a machine for 72 hours (the
 * Ofcom rule).
 */
export const defaultRetryPolicy: RetryPolicy = {
  busy: { tries: 3, afterSec: 300, then: 'same' },
  no_answer: { tries: 3, afterSec: 3600, then: 'next' },
  off: { tries: 2, afterSec: 4 * 3600, then: 'next' },
  invalid: { tries: 1, afterSec: 0, then: 'next' },
  rejected: { tries: 2, afterSec: 4 * 3600, then: 'next' },
  machine: { tries: 2, afterSec: 2 * 3600, then: 'next' },
  no_line: { tries: 20, afterSec: 30, then: 'same' },
  lost: { tries: 3, afterSec: 60, then: 'same' },
  cancelled: { tries: 20, afterSec: 60, then: 'same' },
  hung_up_early: { tries: 2, afterSec: 3600, then: 'same' },
  abandoned: { tries: 2, afterSec: 72 * 3600, then: 'same' },
  unconfirmed: { tries: 2, afterSec: 3600, then: 'same' },
  wrong_person: { tries: 1, afterSec: 0, then: 'next' },
};

export interface Tried {
  number: string;
  result: AttemptResult;
}

export type NextStep =
  | { do: 'dial'; number: string; afterSec: number }
  /** Reached: nothing more to do. */
  | { do: 'finish'; result: AttemptResult }
  /** Every number is used up: the fallback channel, then the list of the unreached. */
  | { do: 'giveUp'; result: AttemptResult };

/** Where a contact goes after its last attempt; `tried` is in the order in which it happened. */
export function nextStep(
  numbers: readonly string[],
  tried: readonly Tried[],
  policy: RetryPolicy = defaultRetryPolicy,
): NextStep {
  const last = tried.at(-1);
  if (last === undefined) {
    const [first] = numbers;
    return first === undefined
      ? { do: 'giveUp', result: 'invalid' }
      : { do: 'dial', number: first, afterSec: 0 };
  }
  if (successfulResults.includes(last.result) || last.result === 'stopped_calling') {
    return { do: 'finish', result: last.result };
  }
  const rule = policy[last.result];
  const open = numbers.filter((number) => isOpen(number, tried, policy));
  if (open.length === 0) return { do: 'giveUp', result: best(tried) };
  const number = chooseNext(numbers, open, last.number, rule?.then ?? 'next');
  // A number not called yet need not wait for one that was tried.
  const wasTried = tried.some((one) => one.number === number);
  return { do: 'dial', number, afterSec: wasTried ? (rule?.afterSec ?? 3600) : 0 };
}

function isOpen(number: string, tried: readonly Tried[], policy: RetryPolicy): boolean {
  const own = tried.filter((one) => one.number === number);
  return own.every(({ result }) => {
    const rule = policy[result];
    const same = own.filter((one) => one.result === result).length;
    return rule !== undefined && same < rule.tries;
  });
}

function chooseNext(
  numbers: readonly string[],
  open: readonly string[],
  last: string,
  then: 'same' | 'next',
): string {
  if (then === 'same' && open.includes(last)) return last;
  const at = numbers.indexOf(last);
  const after = numbers.slice(at + 1).find((number) => open.includes(number));
  return after ?? open[0] ?? last;
}

/** Of several failures the one that tells most: a machine heard the message, an invalid number did not. */
function best(tried: readonly Tried[]): AttemptResult {
  const order: readonly AttemptResult[] = [
    'unconfirmed',
    'hung_up_early',
    'abandoned',
    'machine',
    'wrong_person',
    'rejected',
    'no_answer',
    'busy',
    'off',
    'no_line',
    'lost',
    'invalid',
  ];
  const found = order.find((result) => tried.some((one) => one.result === result));
  return found ?? tried.at(-1)?.result ?? 'no_answer';
}
