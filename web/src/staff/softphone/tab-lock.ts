/**
 * One tab of a browser owns the telephone, or two would ring and one would have the wrong microphone.
 * The Web Lock is released by the browser however the tab ends.
 */
const lockName = 'lingting.phone';

export interface TabLock {
  isOurs(): boolean;
  /** Takes the telephone from the tab that has it. */
  steal(): void;
  release(): void;
}

export function holdPhone(onChange: (isOurs: boolean) => void): TabLock {
  // Without the API (plain HTTP on another host) every tab believes itself alone, as it mostly is.
  if (!('locks' in navigator)) {
    onChange(true);
    return { isOurs: () => true, steal: () => undefined, release: () => undefined };
  }
  let letGo: () => void = () => undefined;
  let isReleased = false;
  let isHeld = false;
  const wait = (options: LockOptions): void => {
    const held = navigator.locks.request(lockName, options, () => {
      if (isReleased) return undefined;
      isHeld = true;
      onChange(true);
      return new Promise<void>((resolve) => (letGo = resolve));
    });
    held.catch(() => {
      // Another tab took it.
      if (isReleased) return;
      isHeld = false;
      onChange(false);
      wait({ mode: 'exclusive' });
    });
  };
  onChange(false);
  wait({ mode: 'exclusive' });
  return {
    isOurs: () => isHeld,
    steal: () => wait({ steal: true }),
    release() {
      isReleased = true;
      letGo();
    },
  };
}
