/** What the scripted phone does, one after the other. */
export type Cue =
  | { kind: 'press'; keys: string; isAtOnce: boolean }
  | { kind: 'say'; path: string | undefined }
  | { kind: 'wait'; ms: number }
  | { kind: 'listen' }
  | { kind: 'hangup' }
  | { kind: 'vanish' };

export class ScriptError extends Error {}

/**
 * Reads `2,1,speak,#,listen`: keys are pressed when the far end has finished speaking, `!12` at once;
 * `speak` says a built-in sentence, `say=<file.wav>` a recording; `wait=1.5` waits seconds; `listen`
 * hears one announcement out; `hangup` says goodbye, `vanish` pulls the plug. At the end of the
 * script the phone stays until the far end hangs up.
 */
export function parseScript(text: string): Cue[] {
  return text
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '')
    .map((one) => parseCue(one));
}

function parseCue(text: string): Cue {
  if (text === 'speak') return { kind: 'say', path: undefined };
  if (text === 'listen' || text === 'hangup' || text === 'vanish') return { kind: text };
  const named = /^(say|wait)=(.+)$/.exec(text);
  if (named?.[1] === 'say') return { kind: 'say', path: named[2] };
  if (named?.[1] === 'wait') {
    const seconds = Number(named[2]);
    if (!(seconds >= 0 && seconds <= 3600)) {
      throw new ScriptError(`--keys: "${text}" must give seconds from 0 to 3600`);
    }
    return { kind: 'wait', ms: seconds * 1000 };
  }
  const keys = /^(!?)([0-9*#A-D]+)$/.exec(text);
  if (keys === null) {
    throw new ScriptError(
      `--keys: "${text}" is no key (0-9 * #), and none of speak, say=<file>, wait=<seconds>, listen, hangup, vanish`,
    );
  }
  return { kind: 'press', keys: keys[2] ?? '', isAtOnce: keys[1] === '!' };
}
