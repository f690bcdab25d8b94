import type { RTCSession } from 'jssip/lib/RTCSession';

/** What the library has and its types leave out. */
interface InDialog {
  sendRequest: (
    method: 'INFO',
    options: {
      eventHandlers: { onDialogError: (response: { status_code: number } | undefined) => void };
    },
  ) => void;
}

/**
 * Asks the switch whether it still has this call, and ends it here when it answers that it has not (481,
 * RFC 3261 section 12.2.2). A goodbye that was sent while the socket was broken never comes. No answer, or
 * any other, changes nothing: a network that is away for a while does not end a talk.
 */
export function askWhetherThere(session: RTCSession): void {
  if (!session.isEstablished()) return;
  (session as unknown as InDialog).sendRequest('INFO', {
    eventHandlers: {
      onDialogError: (response) => {
        if (response?.status_code === 481 && session.isEstablished()) session.terminate();
      },
    },
  });
}
