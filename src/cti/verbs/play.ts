import type { Call } from '../call/call.types.ts';
import { commandsOf } from '../call/link.ts';
import { quotedPath } from '../call/variables.ts';

/** Longest single announcement or collection. */
export const longestMs = 15 * 60_000;

/** Files one after the other as one announcement. */
export function announcement(paths: readonly string[]): string {
  for (const path of paths) quotedPath(path);
  const [only] = paths;
  return paths.length === 1 && only !== undefined
    ? only
    : `file_string://${paths.map((path) => path.replaceAll('!', '')).join('!')}`;
}

/** Plays files to the end (`playback`); keys pressed meanwhile stay for the next `collect`. Throws `call.gone`. */
export async function play(call: Call, step: string, paths: readonly string[]): Promise<void> {
  if (paths.length === 0) return;
  await commandsOf(call).execute({
    application: 'playback',
    argument: announcement(paths),
    step,
    timeoutMs: longestMs,
    variables: { playback_terminators: 'none' },
  });
}
