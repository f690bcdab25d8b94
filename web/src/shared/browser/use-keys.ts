import { useEffect, useRef } from 'react';
import { isComposing } from './is-composing.ts';

/** `F2`, `Ctrl+K`, `Alt+1`, `Escape`. Ctrl stands for ⌘ as well. */
export type KeyMap = Readonly<Record<string, (() => void) | undefined>>;

/** Keys that work wherever the focus is; the newest map counts. */
export function useKeys(keys: KeyMap): void {
  const latest = useRef(keys);
  latest.current = keys;
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.repeat || isComposing(event)) return;
      const run = latest.current[nameOf(event)];
      if (run === undefined) return;
      event.preventDefault();
      event.stopPropagation();
      run();
    };
    window.addEventListener('keydown', onKey, true);
    return () => window.removeEventListener('keydown', onKey, true);
  }, []);
}

function nameOf(event: KeyboardEvent): string {
  const key = event.code.startsWith('Digit') ? event.code.slice(5) : event.key;
  return [
    ...(event.ctrlKey || event.metaKey ? ['Ctrl'] : []),
    ...(event.altKey ? ['Alt'] : []),
    ...(event.shiftKey && key.length > 1 ? ['Shift'] : []),
    key.length === 1 ? key.toUpperCase() : key,
  ].join('+');
}
