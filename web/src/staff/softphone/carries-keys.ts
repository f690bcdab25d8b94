/** How often a line that comes up is looked at. */
const lookEveryMs = 40;
/** A line that sends, and on which nothing arrives (the other side holds), carries keys too. */
const silenceMs = 1000;

interface RtpCounter {
  type: string;
  packetsSent?: number;
  packetsReceived?: number;
}

/**
 * Resolves with true as soon as a key that is sent (RFC 4733) arrives at the other side, with false when the
 * line has gone. A browser that calls its connection `connected` still drops keys for some milliseconds: its
 * audio does not flow yet. And the other side takes packets only once its own end of the handshake
 * (RFC 5764) is done, which the first packet from there proves.
 */
export async function carriesKeys(connection: RTCPeerConnection): Promise<boolean> {
  let sendsSince: number | undefined;
  for (;;) {
    if (['closed', 'failed'].includes(connection.connectionState)) return false;
    const { sent, received } = await countersOf(connection);
    if (sent > 0) sendsSince ??= Date.now();
    if (sendsSince !== undefined && (received > 0 || Date.now() - sendsSince > silenceMs)) {
      return true;
    }
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
  }
}

async function countersOf(
  connection: RTCPeerConnection,
): Promise<{ sent: number; received: number }> {
  const counters = { sent: 0, received: 0 };
  const report = await connection.getStats();
  report.forEach((entry: RtpCounter) => {
    if (entry.type === 'outbound-rtp') counters.sent += entry.packetsSent ?? 0;
    if (entry.type === 'inbound-rtp') counters.received += entry.packetsReceived ?? 0;
  });
  return counters;
}
