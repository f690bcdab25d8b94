import type { Counters } from './quality.ts';

interface InboundAudio {
  type: string;
  kind?: string;
  packetsReceived?: number;
  packetsLost?: number;
  jitter?: number;
  roundTripTime?: number;
  currentRoundTripTime?: number;
}

/** The figures of the audio that arrives, out of `RTCPeerConnection.getStats`. */
export async function readCounters(connection: RTCPeerConnection): Promise<Counters> {
  const counters: Counters = {
    atMs: Date.now(),
    packetsReceived: 0,
    packetsLost: 0,
    jitterMs: 0,
    roundTripMs: undefined,
  };
  const report = await connection.getStats();
  report.forEach((entry: InboundAudio) => {
    if (entry.type === 'inbound-rtp' && entry.kind === 'audio') {
      counters.packetsReceived = entry.packetsReceived ?? 0;
      counters.packetsLost = entry.packetsLost ?? 0;
      counters.jitterMs = (entry.jitter ?? 0) * 1000;
    }
    const trip = entry.roundTripTime ?? entry.currentRoundTripTime;
    if (trip !== undefined) counters.roundTripMs = trip * 1000;
  });
  return counters;
}
