import type { Call } from '../call/call.types.ts';

/** Does nothing for what the dialplan has answered. */
export async function answer(call: Call, step: string): Promise<void> {
  if (call.isAnswered) return;
  await call.commands.execute({ application: 'answer', argument: '', step, timeoutMs: 20_000 });
}
