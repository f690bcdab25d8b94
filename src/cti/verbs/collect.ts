import type { Call } from '../call/call.types.ts';
import { inputOf } from '../leg/keys.ts';
import { commandsOf } from '../call/link.ts';
import { legVariable } from '../call/recovery.ts';
import { announcement, longestMs } from './play.ts';

export interface CollectOptions {
  paths: readonly string[];
  min: number;
  max: number;
  /** Ends the input without being part of it, usually `#`; empty for none. */
  terminator: string;
  /** Time after the announcement, or after the last key. */
  timeoutMs: number;
  betweenKeysMs: number;
}

/**
 * What was keyed in (`play_and_get_digits`); empty when nothing was. Keys interrupt the announcement. Throws `call.gone`.
 */
export async function collect(call: Call, step: string, options: CollectOptions): Promise<string> {
  const { terminator, timeoutMs, betweenKeysMs } = options;
  const ahead = commandsOf(call).takeKeysAhead(options.max, terminator);
  if (ahead.isComplete) return ahead.digits;
  // Whoever began to type needs no prompt any more.
  const paths = ahead.digits === '' ? options.paths : [];
  const max = options.max - ahead.digits.length;
  const min = Math.max(1, options.min - ahead.digits.length);
  const file = paths.length === 0 ? 'silence_stream://10' : announcement(paths);
  const { variables, keys } = await commandsOf(call).execute({
    application: 'play_and_get_digits',
    argument: [
      min,
      max,
      1,
      ahead.digits === '' ? timeoutMs : betweenKeysMs,
      terminator === '' ? 'none' : terminator,
      `'${file}'`,
      'silence_stream://10',
      legVariable.digits,
      '[0-9*#]+',
      betweenKeysMs,
    ].join(' '),
    step,
    timeoutMs: longestMs,
    input: (typed) => inputOf(typed, max, terminator),
  });
  const read = variables['read_result'] === 'failure' ? '' : (variables[legVariable.digits] ?? '');
  const typed = inputOf(keys, max, terminator).digits;
  // Those that were told of count, also what the switch forgot because it did not read yet.
  const digits = typed.length >= Math.max(min, read.length) ? typed : read;
  return ahead.digits + digits;
}

/** What was keyed in last stands on the leg no more (`uuid_setvar`): a PIN is nobody's to read. Throws `call.gone`. */
export async function forgetKeys(call: Call): Promise<void> {
  await commandsOf(call).api('uuid_setvar', [legVariable.digits]);
}
