import type { RTCSession } from 'jssip/lib/RTCSession';

/** Host candidates come within milliseconds; waiting longer is waiting for networks that do not answer. */
const gatherMs = 500;

interface SessionWatcher {
  /** The other side answers no packet any more. */
  onSilent: () => void;
  onSound: (stream: MediaStream) => void;
  onTalking: () => void;
  /** Told once, whether it was answered or not; with the cause that the library gives. */
  onEnd: (cause: string) => void;
}

/** Tells what becomes of a session, from its first candidate on. */
export function watchSession(session: RTCSession, watcher: SessionWatcher): void {
  let isGathering = false;
  session.on('icecandidate', ({ ready }: { ready: () => void }) => {
    if (isGathering) return;
    isGathering = true;
    setTimeout(ready, gatherMs);
  });
  const watch = (connection: RTCPeerConnection) => {
    connection.addEventListener('iceconnectionstatechange', () => {
      if (isSilent(connection)) watcher.onSilent();
    });
    connection.addEventListener('track', ({ track, streams }) => {
      watcher.onSound(streams[0] ?? new MediaStream([track]));
    });
  };
  // Made with the session when we dial, with the answer when we are called.
  const { connection } = session as { connection?: RTCPeerConnection };
  if (connection) watch(connection);
  session.on('peerconnection', ({ peerconnection }: { peerconnection: RTCPeerConnection }) =>
    watch(peerconnection),
  );
  session.on('confirmed', () => watcher.onTalking());
  session.on('ended', ({ cause }: { cause: string }) => watcher.onEnd(cause));
  session.on('failed', ({ cause }: { cause: string }) => watcher.onEnd(cause));
}

/** The other side answers no packet any more (RFC 7675). */
export function isSilent({ iceConnectionState }: RTCPeerConnection): boolean {
  return iceConnectionState === 'disconnected' || iceConnectionState === 'failed';
}
