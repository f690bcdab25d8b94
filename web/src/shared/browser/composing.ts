import { isComposing } from './is-composing.ts';

/**
 * Keys that belong to an input method: the Enter that takes a word from its list, the digits that choose one.
 * Nothing in the application may act on them. Called before anything else listens.
 */
export function ignoreComposingKeys(target: Window): void {
  for (const kind of ['keydown', 'keypress', 'keyup'] as const) {
    target.addEventListener(
      kind,
      (event) => {
        if (isComposing(event)) event.stopImmediatePropagation();
      },
      true,
    );
  }
}
