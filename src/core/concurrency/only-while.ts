/**
 * The same object, whose asynchronous functions reject with the signal's reason once it is aborted: what was begun in another time
 * must not be written into rows that somebody else keeps by then.
 */
export function onlyWhile<T extends object>(parts: T, signal: AbortSignal): T {
  const guarded = Object.entries(parts).map(([name, part]: [string, unknown]) => [
    name,
    typeof part === 'function' ? guard(part as (...given: unknown[]) => unknown, signal) : part,
  ]);
  return Object.fromEntries(guarded) as T;
}

function guard(act: (...given: unknown[]) => unknown, signal: AbortSignal) {
  return (...given: unknown[]): unknown => {
    if (signal.aborted) return Promise.reject(signal.reason as Error);
    return act(...given);
  };
}
