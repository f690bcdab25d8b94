import type { Call } from '../call/call.types.ts';
import { commandsOf } from '../call/link.ts';
import { quotedPath } from '../call/variables.ts';

export interface RecordOptions {
  path: string;
  limitSec: number;
  /** Silence that ends the message. */
  silenceSec: number;
  terminators: string;
}

export interface Recorded {
  durationMs: number;
  /** The key that ended it; empty for silence or the limit. */
  terminator: string;
}

/** Mean absolute sample of a frame below which a caller counts as silent; also where the end of speech in a recording is looked for. */
export const quietLevel = 200;

/** Records what the caller says until they fall silent, press a key, or the limit is reached (`record`). Throws `call.gone`. */
export async function recordMessage(
  call: Call,
  step: string,
  options: RecordOptions,
): Promise<Recorded> {
  quotedPath(options.path);
  const { variables } = await commandsOf(call).execute({
    application: 'record',
    argument: `'${options.path}' ${options.limitSec} ${quietLevel} ${options.silenceSec}`,
    step,
    timeoutMs: (options.limitSec + 30) * 1000,
    variables: {
      playback_terminators: options.terminators,
      playback_terminator_used: '',
      record_ms: '',
    },
  });
  return {
    durationMs: Number(variables['record_ms'] ?? 0),
    terminator: variables['playback_terminator_used'] ?? '',
  };
}
