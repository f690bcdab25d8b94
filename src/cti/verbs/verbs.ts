import type { Call } from '../call/call.types.ts';
import { inputOf } from '../call/keys.ts';
import { quotedPath } from '../call/variables.ts';
import { ignore } from '../../core/ignore.ts';

/** Longest single announcement, collection or recording. */
const longestMs = 15 * 60_000;

/** Does nothing for what the dialplan has answered. */
export async function answer(call: Call, step: string): Promise<void> {
  if (call.isAnswered) return;
  await call.commands.execute({ application: 'answer', argument: '', step, timeoutMs: 20_000 });
}

/** Files one after the other as one announcement. */
function announcement(paths: readonly string[]): string {
  for (const path of paths) quotedPath(path);
  const [only] = paths;
  return paths.length === 1 && only !== undefined
    ? only
    : `file_string://${paths.map((path) => path.replaceAll('!', '')).join('!')}`;
}

/** Plays to the end; keys pressed meanwhile stay for the next `collect`. */
export async function play(call: Call, step: string, paths: readonly string[]): Promise<void> {
  if (paths.length === 0) return;
  await call.commands.execute({
    application: 'playback',
    argument: announcement(paths),
    step,
    timeoutMs: longestMs,
    variables: { playback_terminators: 'none' },
  });
}

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

/** What was keyed in; empty when nothing was. Keys interrupt the announcement. */
export async function collect(call: Call, step: string, options: CollectOptions): Promise<string> {
  const { terminator, timeoutMs, betweenKeysMs } = options;
  const ahead = call.commands.takeKeysAhead(options.max, terminator);
  if (ahead.isComplete) return ahead.digits;
  // Whoever began to type needs no prompt any more.
  const paths = ahead.digits === '' ? options.paths : [];
  const max = options.max - ahead.digits.length;
  const min = Math.max(1, options.min - ahead.digits.length);
  const file = paths.length === 0 ? 'silence_stream://10' : announcement(paths);
  const { variables, keys } = await call.commands.execute({
    application: 'play_and_get_digits',
    argument: [
      min,
      max,
      1,
      ahead.digits === '' ? timeoutMs : betweenKeysMs,
      terminator === '' ? 'none' : terminator,
      `'${file}'`,
      'silence_stream://10',
      'lt_digits',
      '[0-9*#]+',
      betweenKeysMs,
    ].join(' '),
    step,
    timeoutMs: longestMs,
    input: (typed) => inputOf(typed, max, terminator),
  });
  const read = variables['read_result'] === 'failure' ? '' : (variables['lt_digits'] ?? '');
  const typed = inputOf(keys, max, terminator).digits;
  // Those that were told of count, also what the switch forgot because it did not read yet.
  const digits = typed.length >= Math.max(min, read.length) ? typed : read;
  return ahead.digits + digits;
}

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

/** Mean absolute sample below which a caller counts as silent; as `quietLevel` of recordings. */
const quiet = 200;

export async function recordMessage(
  call: Call,
  step: string,
  options: RecordOptions,
): Promise<Recorded> {
  quotedPath(options.path);
  const { variables } = await call.commands.execute({
    application: 'record',
    argument: `'${options.path}' ${options.limitSec} ${quiet} ${options.silenceSec}`,
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

/** Sends the caller elsewhere: a registered phone, or a number through a gateway. */
export async function transfer(call: Call, step: string, dialString: string): Promise<string> {
  const { variables } = await call.commands.execute({
    application: 'bridge',
    argument: dialString,
    step,
    timeoutMs: 4 * 3600_000,
    variables: { hangup_after_bridge: 'true', continue_on_fail: 'true' },
  });
  return variables['originate_disposition'] ?? 'SUCCESS';
}

/** The cause is NORMAL_CLEARING when none is named. */
export async function hangup(call: Call, cause?: string): Promise<void> {
  await ignore(
    call.commands.api('uuid_kill', cause === undefined ? [] : [cause]),
    'the leg may have ended already',
  );
}
