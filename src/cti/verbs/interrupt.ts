import type { Call } from '../call/call.types.ts';
import { commandsOf } from '../call/link.ts';

/** Ends what the caller hears or says now, and resolves when that has ended (`uuid_break all`). */
export async function interrupt(call: Call): Promise<void> {
  await commandsOf(call).break();
}
