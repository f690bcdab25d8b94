/**
 * Audio for the embedded switch: RTP, G.711, telephone events, WAV files, recording and bridging.
 * It knows nothing of SIP and nothing of channels.
 */
import type { Log } from '../../core/log.ts';
import type { Media, MediaOptions, Wire } from './media.types.ts';
import { RtpSession } from './session/session.ts';
import { samplesSource } from './sources.ts';
import { Ticker } from './ticker.ts';
import { WavCache } from './wav.ts';
import { bindRtp, UdpWire } from './wire.ts';

export { keyNames } from './dtmf-receiver.ts';
export { codecs } from './g711.ts';
export { parseRtp, sequenceDistance, type RtpPacket } from './packet.ts';
export {
  answerTo,
  kindOf,
  offerFor,
  oppositeOf,
  parseSdp,
  staticNames,
  type LocalMedia,
  type Negotiation,
  type OfferOptions,
  type ParsedMedia,
  type ParseOptions,
  type SdpKind,
} from '../sdp/sdp.ts';
import { ignore } from '../../core/ignore.ts';
export { laidOut, onlyStream, parseDescription, SdpError } from '../sdp/description.ts';
export { srtpKeyBytes, type Crypto, type SrtpSuite } from '../sdp/sdes.ts';
export { mixInto } from './mix.ts';
export { concatSources, loopSource, samplesSource, silenceSource, toneSource } from './sources.ts';
export { decodeWav, wavHeader } from './wav.ts';
export type * from './media.types.ts';
export { bindRtp } from './wire.ts';

/** Rejected by `open` when no port of the range is free. */
export class NoPortError extends Error {}

const defaultUnheardMs = 5000;

export function createMedia(options: MediaOptions, log: Log): Media {
  const counts = { failedLegs: 0, sendErrors: 0, unheardLegs: 0 };
  const ticker = new Ticker(log, (state) => media.onStateChange(state));
  const wavs = new WavCache();
  const sessions = new Set<RtpSession>();
  const { from, to } = options.ports;
  const pairs = Math.max(1, Math.floor((to - from + 1) / 2));
  let next = Math.floor(Math.random() * pairs);
  const attach = (wire: Wire) => {
    const session = new RtpSession(wire, {
      ticker,
      log,
      timeoutMs: options.timeoutMs,
      unheardMs: options.unheardMs ?? defaultUnheardMs,
      counts,
      onClosed: (gone) => sessions.delete(gone),
    });
    sessions.add(session);
    return session;
  };
  const nextPair = () => {
    const first = from + next * 2;
    next = (next + 1) % pairs;
    return { from: first, to: first + 1 };
  };
  const media: Media = {
    attach,
    nextPair,
    onStateChange: () => undefined,
    get health() {
      return { state: ticker.state, stalls: ticker.stalls, ...counts };
    },
    every20Ms(tick, onError) {
      ticker.add(tick, onError);
      return () => ticker.remove(tick);
    },
    /** Even ports in turn (RFC 3550 section 11), so that a port rests before it is used again. */
    async open() {
      for (let tried = 0; tried < pairs; tried += 1) {
        const socket = await ignore(
          bindRtp(options.host, nextPair().from),
          'the port is taken; the next is tried',
        );
        if (socket === undefined) continue;
        return attach(new UdpWire(socket, log));
      }
      throw new NoPortError(`no RTP port from ${from} to ${to} is free`);
    },
    openWav: async (path) => samplesSource(await wavs.read(path)),
    close() {
      for (const session of [...sessions]) session.close();
      ticker.stop();
    },
  };
  return media;
}
