import type { Call } from '../call/call.types.ts';
import { commandsOf } from '../call/link.ts';

/**
 * Records a call in stereo, left the customer and right whoever they hear, for at most so many seconds (`uuid_record`).
 * Started twice, the switch goes on with the first. Throws `call.gone`.
 */
export async function startRecording(
  call: Call,
  { path, limitSec }: { path: string; limitSec: number },
): Promise<void> {
  const commands = commandsOf(call);
  await commands.api('uuid_setvar', ['RECORD_STEREO', 'true']);
  await commands.api('uuid_record', ['start', `'${path}'`, String(limitSec)]);
}

/** Ends the recording into that file (`uuid_record`). Throws `call.gone`. */
export async function stopRecording(call: Call, path: string): Promise<void> {
  await commandsOf(call).api('uuid_record', ['stop', `'${path}'`]);
}
