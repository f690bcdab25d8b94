import { randomBytes, randomInt } from 'node:crypto';
import {
  answerTo,
  offerFor,
  parseSdp,
  SdpError,
  srtpKeyBytes,
  type LocalMedia,
  type Negotiation,
  type ParsedMedia,
  type ParseOptions,
  type RemoteMedia,
} from '../rtp/index.ts';

export interface PlainOptions extends ParseOptions {
  /** Offers are encrypted (RFC 4568). */
  offersSrtp?: boolean;
}

/** Descriptions of RTP; each one that we send is a new version (RFC 3264 section 8). */
export function plainNegotiation(
  host: string,
  port: number,
  options: PlainOptions = {},
): Negotiation {
  const sessionId = randomInt(1e9);
  // One key for the whole call, so that a hold does not begin a new stream.
  const srtpKey = randomBytes(srtpKeyBytes);
  let version = 1;
  let before: ParsedMedia | undefined;
  const local = (isEncrypted: boolean): LocalMedia => {
    version += 1;
    return { host, port, sessionId, version, ...(isEncrypted ? { srtpKey } : {}) };
  };
  const agree = (parsed: ParsedMedia): RemoteMedia => {
    before = parsed;
    const { crypto } = parsed;
    return crypto === undefined
      ? parsed
      : { ...parsed, srtp: { suite: crypto.suite, remoteKey: crypto.key, localKey: srtpKey } };
  };
  // `async`, so that what `parseSdp` throws becomes a rejection.
  return {
    offer: (wanted = {}) => {
      const isEncrypted =
        before === undefined ? options.offersSrtp === true : before.crypto !== undefined;
      return Promise.resolve(
        offerFor(local(isEncrypted), { ...wanted, ...(before === undefined ? {} : { before }) }),
      );
    },
    // eslint-disable-next-line @typescript-eslint/require-await
    async answer(offer) {
      const parsed = parseSdp(offer, 'plain', options);
      const sdp = answerTo(parsed, local(parsed.crypto !== undefined));
      return { sdp, remote: agree(parsed) };
    },
    // eslint-disable-next-line @typescript-eslint/require-await
    async accept(answer) {
      const parsed = parseSdp(answer, 'plain', options);
      const isEncrypted = parsed.crypto !== undefined;
      const wasOffered =
        before === undefined ? options.offersSrtp === true : before.crypto !== undefined;
      if (isEncrypted !== wasOffered) throw new SdpError('the answer is not to our offer');
      if (before === undefined && parsed.port === 0) throw new SdpError('our audio was refused');
      return agree(parsed);
    },
  };
}
