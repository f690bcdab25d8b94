import { randomBytes, randomInt } from 'node:crypto';
import {
  answerTo,
  offerFor,
  parseSdp,
  SdpError,
  srtpKeyBytes,
  type Crypto,
  type LocalMedia,
  type Negotiation,
  type ParsedMedia,
  type ParseOptions,
  type RemoteMedia,
} from '../rtp/index.ts';

export interface PlainOptions extends ParseOptions {
  /** Offers are encrypted (RFC 4568). */
  offersSrtp?: boolean;
  /** Audio in the clear is refused. */
  needsSrtp?: boolean;
}

/** What a description says of our audio; throws `SdpError` when it is not as the leg needs it. */
export function parsePlain(sdp: string, options: PlainOptions): ParsedMedia {
  const parsed = parseSdp(sdp, 'plain', options);
  if (options.needsSrtp === true && parsed.crypto === undefined && parsed.port !== 0) {
    throw new SdpError('audio must be encrypted here: RTP/SAVP with a=crypto');
  }
  return parsed;
}

/** Descriptions of RTP; each one that we send is a new version (RFC 3264 section 8). */
export function plainNegotiation(
  host: string,
  port: number,
  options: PlainOptions = {},
): Negotiation {
  const sessionId = randomInt(1e9);
  let srtpKey = randomBytes(srtpKeyBytes);
  let version = 1;
  let before: ParsedMedia | undefined;
  /** Audio that was encrypted once is not agreed on in the clear again. */
  let secured: Crypto | undefined;
  let isFirstEncrypted = options.offersSrtp === true;
  const local = (isEncrypted: boolean): LocalMedia => {
    version += 1;
    return { host, port, sessionId, version, ...(isEncrypted ? { srtpKey } : {}) };
  };
  const isEncryptedNow = () => secured !== undefined || (before === undefined && isFirstEncrypted);
  /** One key as long as the same suite goes on; whatever begins its count anew has a new one (RFC 3711 section 9.1). */
  const renewKeyFor = (crypto: Crypto | undefined) => {
    if (before === undefined || crypto === undefined) return;
    if (before.crypto?.suite !== crypto.suite) srtpKey = randomBytes(srtpKeyBytes);
  };
  const parse = (sdp: string) => parsePlain(sdp, options);
  const parseOffer = (sdp: string) => {
    const parsed = parse(sdp);
    if (secured !== undefined && parsed.crypto === undefined && parsed.port !== 0) {
      throw new SdpError('this call is encrypted: RTP/SAVP with a=crypto, not RTP/AVP');
    }
    return parsed;
  };
  const agree = (parsed: ParsedMedia): RemoteMedia => {
    before = parsed;
    const { crypto } = parsed;
    secured = crypto ?? secured;
    return crypto === undefined
      ? parsed
      : { ...parsed, srtp: { suite: crypto.suite, remoteKey: crypto.key, localKey: srtpKey } };
  };
  // `async`, so that what `parseSdp` throws becomes a rejection.
  return {
    offer: ({ isPlain = false, ...wanted } = {}) => {
      if (isPlain && options.needsSrtp !== true) isFirstEncrypted = false;
      // Its audio was taken away in between.
      if (secured !== undefined && before !== undefined && before.crypto === undefined) {
        srtpKey = randomBytes(srtpKeyBytes);
        before = { ...before, protocol: 'RTP/SAVP', crypto: secured };
      }
      return Promise.resolve(
        offerFor(local(isEncryptedNow()), {
          ...wanted,
          ...(before === undefined ? {} : { before }),
        }),
      );
    },
    // eslint-disable-next-line @typescript-eslint/require-await
    async answer(offer) {
      const parsed = parseOffer(offer);
      renewKeyFor(parsed.crypto);
      const sdp = answerTo(parsed, local(parsed.crypto !== undefined));
      return { sdp, remote: agree(parsed) };
    },
    // eslint-disable-next-line @typescript-eslint/require-await
    async accept(answer) {
      const parsed = parse(answer);
      if (before === undefined && parsed.port === 0) throw new SdpError('our audio was refused');
      const isEncrypted = parsed.crypto !== undefined;
      if (isEncrypted !== isEncryptedNow()) throw new SdpError('the answer is not to our offer');
      // We offer one key: an answer names it and its suite (RFC 4568 section 5.1.3).
      const wasOffered = before?.crypto?.suite ?? 'AES_CM_128_HMAC_SHA1_80';
      if (parsed.crypto !== undefined && parsed.crypto.suite !== wasOffered) {
        throw new SdpError('a=crypto of the answer is not the one that was offered');
      }
      return agree(parsed);
    },
  };
}
