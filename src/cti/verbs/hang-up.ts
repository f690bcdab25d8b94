import type { Call } from '../call/call.types.ts';

/** The cause is NORMAL_CLEARING when none is named. */
export async function hangup(call: Call, cause?: string): Promise<void> {
  await call.commands.api('uuid_kill', cause === undefined ? [] : [cause]).catch(() => undefined);
}
