/** Milliseconds until the next try: doubling from 100 ms to 5 s, with jitter from 0 to 1. */
export function backoffMs(failures: number, jitter: number): number {
  const whole = Math.min(5000, 100 * 2 ** Math.min(failures, 10));
  return Math.round(whole * (0.5 + 0.5 * jitter));
}
