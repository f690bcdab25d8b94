import type { Call } from '../call/call.types.ts';
import { commandsOf } from '../call/link.ts';

/**
 * Sends a command that moves legs of that call. A refusal is logged and nothing else: whoever was to be moved has
 * gone, and that is told by itself. Throws `switch.down`, `switch.timeout`.
 */
export async function move(call: Call, command: string): Promise<void> {
  const reply = await commandsOf(call).move(command);
  if (!reply.startsWith('+OK')) call.log.warn({ reply }, 'leg transfer refused by the switch');
}
