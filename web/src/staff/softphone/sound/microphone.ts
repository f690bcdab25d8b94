/** Whether there is a microphone that may be used: told at once when it disappears, and when it is back. */
import { attempt, attemptLater } from '../../../shared/browser/attempt.ts';
import { closeStream, openMicrophone, storedChoice } from './devices.ts';

/**
 * `missing`: unplugged, or taken by another program. `refused`: the person or the browser said no. `insecure`:
 * the page came over plain HTTP, where browsers have no microphones. `unknown`: not looked yet.
 */
export type MicrophoneState = 'unknown' | 'ok' | 'missing' | 'refused' | 'insecure';

/** What a refusal of `getUserMedia` means. */
export function microphoneFault(error: unknown): 'missing' | 'refused' {
  const name = error instanceof Error ? error.name : '';
  return name === 'NotAllowedError' || name === 'SecurityError' ? 'refused' : 'missing';
}

/** With that nobody would be heard, and no call is to be offered. */
export function cannotSpeak(state: MicrophoneState): boolean {
  return state === 'missing' || state === 'refused' || state === 'insecure';
}

export interface MicrophoneWatch {
  /** Looks again; while it is in use its own track tells. */
  check(): void;
  stop(): void;
}

export function watchMicrophone(
  isInUse: () => boolean,
  onChange: (state: MicrophoneState) => void,
): MicrophoneWatch {
  const { mediaDevices } = navigator as { mediaDevices?: MediaDevices };
  if (mediaDevices === undefined) {
    onChange('insecure');
    return { check: () => undefined, stop: () => undefined };
  }
  let isOver = false;
  let looks = 0;
  const check = (): void => {
    if (isOver || isInUse()) return;
    const look = (looks += 1);
    openMicrophone(storedChoice().microphone)
      .then((stream): MicrophoneState => {
        closeStream(stream);
        return 'ok';
      }, microphoneFault)
      .then((state) => {
        // A call that began meanwhile has its own, and a later look knows better.
        if (!isOver && look === looks && !isInUse()) onChange(state);
      }, console.warn);
  };
  attempt('a change of devices', () => mediaDevices.addEventListener('devicechange', check));
  let permission: PermissionStatus | undefined;
  void attemptLater('a permission', async () => {
    permission = await navigator.permissions.query({ name: 'microphone' });
    if (!isOver) permission.addEventListener('change', check);
  });
  check();
  return {
    check,
    stop() {
      isOver = true;
      attempt('a change of devices', () => mediaDevices.removeEventListener('devicechange', check));
      permission?.removeEventListener('change', check);
    },
  };
}
