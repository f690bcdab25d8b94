import { messageOf } from './errors.ts';
import type { Log } from './log.ts';

let log: Log | undefined;

/** Where ignored failures are logged from now on, at level debug. One log a process. */
export function logIgnored(to: Log): void {
  log = to;
}

/**
 * Waits for something whose failure changes nothing for whoever asks, and resolves to `undefined` then. Never rejects.
 * @param why what makes the failure harmless; stands in the log beside it
 */
export async function ignore<T>(promise: PromiseLike<T>, why: string): Promise<T | undefined> {
  try {
    return await promise;
  } catch (error) {
    log?.debug({ reason: messageOf(error) }, `ignored: ${why}`);
    return undefined;
  }
}
