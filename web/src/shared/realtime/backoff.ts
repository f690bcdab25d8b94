/** Half a second, doubling to ten, with jitter so that a restarted service is not stormed. */
export function reconnectDelayMs(attempt: number, random: number): number {
  const base = Math.min(10_000, 500 * 2 ** Math.min(attempt, 5));
  return Math.round(base * (0.5 + random / 2));
}
