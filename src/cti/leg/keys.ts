export interface Input {
  digits: string;
  isWhole: boolean;
  /** How many of the keys it took, the terminator among them; what is behind them is for the next input. */
  used: number;
}

/**
 * Reads keys as an input of at most `max` digits, ended by `terminator` (`''` for none), as the switch
 * itself does: `2468#9` with `#` is 2468, and 9 is left over.
 */
export function inputOf(keys: string, max: number, terminator: string): Input {
  const end = terminator === '' ? -1 : keys.indexOf(terminator);
  const isEnded = end >= 0 && end <= max;
  const digits = keys.slice(0, isEnded ? end : max);
  return {
    digits,
    isWhole: isEnded || digits.length >= max,
    used: digits.length + (isEnded ? 1 : 0),
  };
}
