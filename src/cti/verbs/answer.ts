import type { Call } from '../call/call.types.ts';
import { commandsOf } from '../call/link.ts';

/** Takes the call (`answer`); does nothing for what the dialplan has answered. */
export async function answer(call: Call, step: string): Promise<void> {
  if (call.isAnswered) return;
  await commandsOf(call).execute({ application: 'answer', argument: '', step, timeoutMs: 20_000 });
}
