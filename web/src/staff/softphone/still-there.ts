import type { RTCSession } from 'jssip/lib/RTCSession';

/** What the library has and its types leave out. */
interface InDialog {
  sendRequest: (
    method: 'INFO',
    options: {
      eventHandlers: {
        onSuccessResponse: () => void;
        onErrorResponse: () => void;
        onDialogError: (response: { status_code: number } | undefined) => void;
      };
    },
  ) => void;
}

/** A switch that says nothing for so long is out of reach, which ends no talk. */
const answerMs = 2000;

/**
 * Asks the switch whether it still has this call, and ends it here when it answers that it has not (481,
 * RFC 3261 section 12.2.2): a goodbye that was sent while the socket was broken never comes. No answer, or
 * any other, counts as yes. Resolves with whether the call goes on.
 */
export async function isStillThere(session: RTCSession): Promise<boolean> {
  if (!session.isEstablished()) return !session.isEnded();
  const isThere = await new Promise<boolean>((resolve) => {
    setTimeout(() => resolve(true), answerMs);
    (session as unknown as InDialog).sendRequest('INFO', {
      eventHandlers: {
        onSuccessResponse: () => resolve(true),
        onErrorResponse: () => resolve(true),
        onDialogError: (response) => resolve(response?.status_code !== 481),
      },
    });
  });
  if (!isThere && session.isEstablished()) session.terminate();
  return isThere;
}
