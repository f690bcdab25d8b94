import { setTimeout as delay } from 'node:timers/promises';

/** Calls `probe` until it returns something other than `undefined` or `false`; throws after the limit. */
export async function until<T>(
  what: string,
  probe: () => T | undefined | false | Promise<T | undefined | false>,
  { timeoutMs = 10_000, everyMs = 20 }: { timeoutMs?: number; everyMs?: number } = {},
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const value = await probe();
    if (value !== undefined && value !== false) return value;
    if (Date.now() > deadline) throw new Error(`Waited ${timeoutMs} ms in vain for: ${what}`);
    await delay(everyMs);
  }
}

/**
 * Calls `then` once when the signal is aborted, also when it has been already: a listener that comes too late
 * is never told. Never before this function has returned.
 */
export function whenAborted(signal: AbortSignal, then: () => void): void {
  if (signal.aborted) queueMicrotask(then);
  else signal.addEventListener('abort', then, { once: true });
}

/** Resolves when the signal is, or has been, aborted. */
export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => whenAborted(signal, resolve));
}

/** Resolves after so many milliseconds, or as soon as the signal is aborted. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await delay(ms, undefined, { signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
