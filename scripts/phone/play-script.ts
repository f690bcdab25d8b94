import { until } from '../../src/core/concurrency/wait.ts';
import { speechLike } from './voice.ts';
import type { Caller } from './caller.ts';
import type { Cue } from './script.ts';

export interface PlayOptions {
  /** Silence after speech that counts as the end of an announcement. */
  gapMs?: number;
  /** Longest announcement that is waited for. */
  patienceMs?: number;
  tell?: (what: string) => void;
}

/** Does what the script says; stops early when the far end hangs up. */
export async function playScript(
  caller: Caller,
  cues: readonly Cue[],
  options: PlayOptions = {},
): Promise<void> {
  const { gapMs = 700, patienceMs = 60_000, tell = () => undefined } = options;
  let heardUpTo = 0;
  let hasJustSpoken = false;
  const announcement = async (): Promise<void> => {
    await until(
      'the far end to finish speaking',
      () =>
        caller.end !== undefined ||
        (caller.ear.soundMs - heardUpTo >= 300 && caller.ear.silentMs >= gapMs),
      { timeoutMs: patienceMs, everyMs: 20 },
    );
    heardUpTo = caller.ear.soundMs;
  };
  for (const cue of cues) {
    if (caller.end !== undefined) return;
    switch (cue.kind) {
      case 'press':
        if (hasJustSpoken) await pause(300);
        else if (!cue.isAtOnce) await announcement();
        hasJustSpoken = false;
        tell(`key ${cue.keys}`);
        await caller.press(cue.keys);
        heardUpTo = caller.ear.soundMs;
        break;
      case 'say':
        await announcement();
        tell(cue.path === undefined ? 'speaks' : `says ${cue.path}`);
        await caller.say(cue.path === undefined ? speechLike() : await caller.openWav(cue.path));
        hasJustSpoken = true;
        heardUpTo = caller.ear.soundMs;
        break;
      case 'wait':
        hasJustSpoken = false;
        await pause(cue.ms);
        break;
      case 'listen':
        hasJustSpoken = false;
        await announcement();
        tell('heard an announcement');
        break;
      case 'hangup':
        tell('hangs up');
        caller.hangup();
        return;
      case 'vanish':
        tell('vanishes');
        await caller.vanish();
        return;
    }
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
