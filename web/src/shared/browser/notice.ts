/** Notices of the system, for a page that nobody looks at. */
import { attempt, attemptLater } from './attempt.ts';

/** Asks once, from a click. Older browsers answer by a callback alone, which changes nothing here. */
export function askForNotices(): void {
  void attemptLater('a notice', () =>
    'Notification' in window && Notification.permission === 'default'
      ? Notification.requestPermission()
      : undefined,
  );
}

/** Shows it while the page is out of sight; the answer takes it away again. */
export function showNotice(text: string): () => void {
  const notice = attempt('a notice', () =>
    document.visibilityState === 'hidden' &&
    'Notification' in window &&
    Notification.permission === 'granted'
      ? new Notification(text, { icon: '/favicon.svg', tag: 'lingting.offer' })
      : undefined,
  );
  if (notice !== undefined) notice.onclick = () => window.focus();
  return () => attempt('a notice', () => notice?.close());
}
