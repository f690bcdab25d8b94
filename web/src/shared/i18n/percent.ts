/**
 * A percentage as people read it: rounded, but never onto or over a limit that it is below, so that a figure and
 * its colour say the same. 79.6 against a target of 80 is 79; 99.7 is 99, and 0.2 is 1. Pure.
 *
 * @param limits whole numbers at which the colour changes.
 */
export function percentText(percent: number, limits: readonly number[] = []): string {
  const rounded = Math.round(percent);
  if (percent > 0 && rounded === 0) return '1';
  const crossed = [...limits, 100].filter((limit) => percent < limit && rounded >= limit);
  return String(Math.min(rounded, ...crossed.map((limit) => Math.ceil(limit) - 1)));
}
