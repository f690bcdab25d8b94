import { answerTo, offerFor, parseSdp, type LocalMedia, type Negotiation } from '../rtp/index.ts';

/** Descriptions of plain RTP; each one that we send is a new version (RFC 3264 section 8). */
export function plainNegotiation(host: string, port: number): Negotiation {
  const sessionId = Math.floor(Math.random() * 1e9);
  let version = 1;
  const local = (): LocalMedia => {
    version += 1;
    return { host, port, sessionId, version };
  };
  // `async`, so that what `parseSdp` throws becomes a rejection.
  return {
    offer: (options) => Promise.resolve(offerFor(local(), options)),
    // eslint-disable-next-line @typescript-eslint/require-await
    async answer(offer) {
      const remote = parseSdp(offer);
      return { sdp: answerTo(remote, local()), remote };
    },
    // eslint-disable-next-line @typescript-eslint/require-await
    async accept(answer) {
      return parseSdp(answer);
    },
  };
}
