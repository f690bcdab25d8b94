import { until as wait } from '../../src/core/concurrency/wait.ts';

/** Waits for a condition; long enough for a loaded machine, since a wait in vain is an error anyway. */
export const until: typeof wait = (what, probe, options) =>
  wait(what, probe, { timeoutMs: 60_000, ...options });
