/** Whether the browser lets this page make sounds: refused until somebody touches it (autoplay policy). */
import { attempt, attemptLater } from '../../../shared/browser/attempt.ts';

export type SoundState = 'ok' | 'refused' | 'missing';

/** A context that is allowed runs within this. */
const startMs = 700;

export function watchSound(onChange: (state: SoundState) => void): () => void {
  const context = attempt('sound', () => new AudioContext());
  if (context === undefined) {
    onChange('missing');
    return () => undefined;
  }
  let isOver = false;
  const stop = (): void => {
    if (isOver) return;
    isOver = true;
    window.removeEventListener('pointerdown', resume, true);
    window.removeEventListener('keydown', resume, true);
    clearTimeout(timer);
    void attemptLater('sound', () => context.close());
  };
  const look = (): void => {
    if (isOver || context.state !== 'running') return;
    onChange('ok');
    // Once a page may, it may for good.
    stop();
  };
  const resume = (): void => {
    void attemptLater('sound', () => context.resume()).then(look);
  };
  context.addEventListener('statechange', look);
  window.addEventListener('pointerdown', resume, true);
  window.addEventListener('keydown', resume, true);
  const timer = setTimeout(() => {
    if (context.state === 'running') look();
    else onChange('refused');
  }, startMs);
  resume();
  return stop;
}
