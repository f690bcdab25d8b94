/** The readers alone, at high speed, in a process of their own: rounds come as messages, and go back as counted. */
import * as eventSocket from './event-socket.ts';
import * as rtp from './rtp.ts';
import * as sdp from './sdp.ts';
import * as sip from './sip.ts';

export interface ReadersRound {
  seed: number;
  counts: { sip: number; sdp: number; rtp: number; eventSocket: number };
}

export interface ReadersResult {
  understood?: number;
  fault?: string;
}

// Where a refusal was made is not looked at, and costs as much as the reading.
Error.stackTraceLimit = 0;

process.on('message', ({ seed, counts }: ReadersRound) => {
  let understood = 0;
  try {
    understood += sip.run(seed, counts.sip);
    understood += sdp.run(seed, counts.sdp);
    understood += rtp.run(seed, counts.rtp);
    understood += eventSocket.run(seed, counts.eventSocket);
  } catch (error) {
    const fault = `seed ${seed}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
    process.send?.({ fault } satisfies ReadersResult);
    return;
  }
  process.send?.({ understood } satisfies ReadersResult);
});
