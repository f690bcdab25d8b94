/** How one try of a fax ended. */
export interface FaxResult {
  isSent: boolean;
  pagesSent: number;
  /** The switch's word: a hang-up cause, or `fax_result_text` of the modem. */
  reason: string;
}

export type NextStep =
  { do: 'done' } | { do: 'again'; afterMs: number } | { do: 'give up'; reason: string };

const minute = 60_000;
/** A busy machine is free soon; one that is off may be on in an hour. */
const pausesMs = [2 * minute, 10 * minute, 60 * minute] as const;

/** Causes (Q.850) that no second try will change. */
const final = new Set([
  ...['UNALLOCATED_NUMBER', 'INVALID_NUMBER_FORMAT', 'NUMBER_CHANGED'],
  // The policy on calls outside; a limit of the day is free again tomorrow, and too late.
  ...[
    'dial.bad_number',
    'dial.international',
    'dial.premium',
    'dial.emergency',
    'dial.not_allowed',
  ],
]);

/** What comes after the tries so far, the latest one last. What is urgent is tried once. */
export function nextStep(results: readonly FaxResult[], isUrgent = false): NextStep {
  const last = results.at(-1);
  if (last === undefined) return { do: 'again', afterMs: 0 };
  if (last.isSent) return { do: 'done' };
  const afterMs = isUrgent ? undefined : pausesMs[results.length - 1];
  if (final.has(last.reason) || afterMs === undefined) {
    return { do: 'give up', reason: last.reason };
  }
  return { do: 'again', afterMs };
}
