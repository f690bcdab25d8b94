import { codecs } from '../rtp/g711.ts';
import {
  attributeOf,
  bundleOf,
  isIpv4,
  laidOut,
  parseDescription,
  SdpError,
  type Description,
  type Layout,
  type Stream,
} from './description.ts';
import type { AudioCodec, MediaDirection, RemoteMedia } from '../rtp/media.types.ts';
import { cryptoLine, cryptoOf, type Crypto } from './sdes.ts';

/** Where we receive, as our descriptions say it (RFC 4566). */
export interface LocalMedia {
  host: string;
  port: number;
  /** Session id of the o= line; the version grows with each new description. */
  sessionId: number;
  version: number;
  /** Our key, where the audio is encrypted (RFC 4568): 16 bytes and 14 of salt. */
  srtpKey?: Buffer;
}

export function oppositeOf(direction: MediaDirection): MediaDirection {
  return opposite[direction];
}

const opposite: Readonly<Record<MediaDirection, MediaDirection>> = {
  sendrecv: 'sendrecv',
  sendonly: 'recvonly',
  recvonly: 'sendonly',
  inactive: 'inactive',
};

/** How a description is agreed on with one far end, whatever carries its audio. */
export interface Negotiation {
  /** `isPlain`: not encrypted, though we would; until the first answer. */
  offer(options?: {
    direction?: MediaDirection;
    codec?: AudioCodec;
    isPlain?: boolean;
  }): Promise<string>;
  /** Rejects with `SdpError` when we cannot take part. */
  answer(offer: string): Promise<{ sdp: string; remote: RemoteMedia }>;
  /** The answer to our offer. */
  accept(answer: string): Promise<RemoteMedia>;
}

/** Plain RTP, or the encrypted audio of browsers (RFC 8827). */
export type SdpKind = 'plain' | 'webrtc';

/** What the far end's description says of the one stream that we take part in. */
export interface ParsedMedia extends RemoteMedia {
  protocol: string;
  layout: Layout;
  /** Its key of SRTP (RFC 4568), when the stream is encrypted by that. */
  crypto?: Crypto;
}

export interface ParseOptions {
  /** Streams with keys in the description are understood; off until asked for. */
  withSrtp?: boolean;
  /** The description came over an encrypted way, so that its keys are worth something. */
  isSecret?: boolean;
}

const ofBrowsers = 'UDP/TLS/RTP/SAVPF';

export function kindOf(sdp: string): SdpKind {
  return /^m=audio \d{1,6}(?:\/\d{1,6})? UDP\/TLS\/RTP\/SAVPF /m.test(sdp) ? 'webrtc' : 'plain';
}

/**
 * The audio stream that we take part in; throws `SdpError` when there is none, or when anything in the
 * description is out of bounds.
 */
export function parseSdp(
  text: string,
  kind: SdpKind = 'plain',
  options: ParseOptions = {},
): ParsedMedia {
  const description = parseDescription(text);
  const usable = description.streams.flatMap((stream, at) => {
    const found = stream.media === 'audio' ? audioOf(description, at, kind, options) : undefined;
    return found === undefined ? [] : [found];
  });
  const found = chosen(usable, options);
  if (found === undefined) {
    throw new SdpError('the description has no audio that we can take part in');
  }
  if (found.problem !== undefined) throw new SdpError(found.problem);
  return found.media;
}

interface Candidate {
  media: ParsedMedia;
  problem: string | undefined;
}

/**
 * Plain audio before encrypted where the keys came in the clear and protect nothing; a stream at port 0
 * only when there is no other.
 */
function chosen(all: readonly Candidate[], { isSecret = false }: ParseOptions) {
  const open = all.filter(({ media }) => media.port !== 0);
  const fine = open.filter(({ problem }) => problem === undefined);
  const preferred = fine.find(({ media }) => (media.crypto !== undefined) === isSecret);
  if (open.length > 0) return preferred ?? fine[0] ?? open[0];
  return all[0];
}

function audioOf(
  description: Description,
  at: number,
  kind: SdpKind,
  { withSrtp = false }: ParseOptions,
): Candidate | undefined {
  const stream = description.streams[at];
  if (stream === undefined) return undefined;
  const crypto = cryptoFor(stream, kind, withSrtp);
  if (crypto === 'none') return undefined;
  const port = portOf(description, stream, kind);
  const host = hostOf(description, stream);
  const codec = codecOf(stream);
  const direction =
    // RFC 3264 section 8.4; a browser writes the same address and means "ask ICE".
    (host === '0.0.0.0' && kind === 'plain') || port === 0
      ? 'inactive'
      : directionOf(stream, description);
  const ptime = Number(attributeOf(stream.lines, 'ptime') ?? NaN);
  const media: ParsedMedia = {
    host: host ?? '0.0.0.0',
    port,
    ...(codec ?? { codec: 'PCMA', payloadType: Number(stream.formats[0]) }),
    dtmfPayloadType: dtmfOf(stream),
    direction,
    protocol: stream.protocol,
    layout: { streams: description.streams, at },
    ...(Number.isFinite(ptime) ? { ptimeMs: Math.floor(ptime) } : {}),
    ...(crypto === undefined ? {} : { crypto }),
  };
  return { media, problem: problemOf(host, codec, port, kind) };
}

function problemOf(
  host: string | undefined,
  codec: unknown,
  port: number,
  kind: SdpKind,
): string | undefined {
  if (port === 0) return undefined;
  if (codec === undefined) return 'the description offers neither PCMU nor PCMA';
  if (kind === 'webrtc') return undefined;
  if (host === undefined) return 'the description has no IPv4 address';
  return mayBeSentTo(host) ? undefined : 'the description names an address of no single host';
}

/** One host, or 0.0.0.0 for nobody; no group and no broadcast. */
function mayBeSentTo(host: string): boolean {
  const [first = 0] = host.split('.').map(Number);
  return host === '0.0.0.0' || (first > 0 && first < 224);
}

/** The key of the stream, undefined for a stream without; `none` when it is not of our kind. */
function cryptoFor(stream: Stream, kind: SdpKind, withSrtp: boolean): Crypto | 'none' | undefined {
  switch (stream.protocol) {
    case ofBrowsers:
      return kind === 'webrtc' ? undefined : 'none';
    case 'RTP/AVP':
    case 'RTP/AVPF':
      return kind === 'plain' ? undefined : 'none';
    case 'RTP/SAVP':
    case 'RTP/SAVPF':
      return (kind === 'plain' && withSrtp ? cryptoOf(stream.lines) : undefined) ?? 'none';
    default:
      return 'none';
  }
}

/** Port 0 means "not this one", unless the stream has its place on another's port (RFC 9143). */
function portOf({ session }: Description, { port, lines }: Stream, kind: SdpKind): number {
  const mid = attributeOf(lines, 'mid');
  const isBundled = mid !== undefined && bundleOf(session).includes(mid);
  const isOpen = kind === 'webrtc' && isBundled && attributeOf(lines, 'bundle-only') === '';
  return port === 0 && isOpen ? 9 : port;
}

function hostOf({ session }: Description, { lines }: Stream): string | undefined {
  const line =
    lines.find((one) => one.startsWith('c=')) ?? session.find((one) => one.startsWith('c='));
  const host = /^c=IN IP4 ([^/\s]+)/.exec(line ?? '')?.[1];
  return host !== undefined && isIpv4(host) ? host : undefined;
}

/** Our answer to `remote`: its codec, its telephone events, the opposite direction (RFC 3264). */
export function answerTo(remote: ParsedMedia, local: LocalMedia): string {
  const own = describe(remote.port === 0 ? { ...local, port: 0 } : local, {
    protocol: remote.protocol,
    formats: [{ payloadType: remote.payloadType, name: `${remote.codec}/8000` }],
    dtmfPayloadType: remote.dtmfPayloadType,
    direction: opposite[remote.direction],
    crypto: cryptoAnswer(remote, local),
  });
  return laidOut(own, remote.layout);
}

/** The tag and suite that they offered, with a key of ours (RFC 4568 section 5.1.2). */
function cryptoAnswer({ crypto }: ParsedMedia, { srtpKey }: LocalMedia): Crypto | undefined {
  if (crypto === undefined) return undefined;
  if (srtpKey === undefined) throw new SdpError('there is no key for encrypted audio');
  return { ...crypto, key: srtpKey };
}

export interface OfferOptions {
  direction?: MediaDirection;
  codec?: AudioCodec;
  /** What was agreed on before: the layout stays, and so does the number of the key events. */
  before?: ParsedMedia;
}

export function offerFor(
  local: LocalMedia,
  { direction = 'sendrecv', codec, before }: OfferOptions = {},
): string {
  const names: AudioCodec[] = codec === undefined ? ['PCMA', 'PCMU'] : [codec];
  const isEncrypted =
    before === undefined ? local.srtpKey !== undefined : before.crypto !== undefined;
  const own = describe(local, {
    protocol: before?.protocol ?? (isEncrypted ? 'RTP/SAVP' : 'RTP/AVP'),
    formats: names.map((name) => ({
      payloadType: codecs[name].payloadType,
      name: `${name}/8000`,
    })),
    dtmfPayloadType: before?.dtmfPayloadType ?? 101,
    direction,
    crypto:
      isEncrypted && local.srtpKey !== undefined
        ? { tag: 1, suite: before?.crypto?.suite ?? 'AES_CM_128_HMAC_SHA1_80', key: local.srtpKey }
        : undefined,
  });
  return before === undefined ? own : laidOut(own, before.layout);
}

function describe(
  local: LocalMedia,
  media: {
    protocol: string;
    formats: readonly { payloadType: number; name: string }[];
    dtmfPayloadType: number | undefined;
    direction: MediaDirection;
    crypto: Crypto | undefined;
  },
): string {
  const all = [
    ...media.formats,
    ...(media.dtmfPayloadType === undefined
      ? []
      : [{ payloadType: media.dtmfPayloadType, name: 'telephone-event/8000' }]),
  ];
  return [
    'v=0',
    `o=lingting ${local.sessionId} ${local.version} IN IP4 ${local.host}`,
    's=lingting',
    `c=IN IP4 ${local.host}`,
    't=0 0',
    `m=audio ${local.port} ${media.protocol} ${all.map(({ payloadType }) => payloadType).join(' ')}`,
    ...all.map(({ payloadType, name }) => `a=rtpmap:${payloadType} ${name}`),
    ...(media.dtmfPayloadType === undefined ? [] : [`a=fmtp:${media.dtmfPayloadType} 0-15`]),
    ...(media.crypto === undefined ? [] : [cryptoLine(media.crypto)]),
    'a=ptime:20',
    `a=${media.direction}`,
    '',
  ].join('\r\n');
}

function rtpNames(lines: readonly string[]): Map<number, string> {
  return new Map(
    lines.flatMap((line): [number, string][] => {
      const match = /^a=rtpmap: ?(\d{1,3}) +([^/\s]{1,64}\/\d{1,7})/.exec(line);
      return match === null ? [] : [[Number(match[1]), (match[2] ?? '').toUpperCase()]];
    }),
  );
}

/** The first of its formats that is ours. */
function codecOf({
  formats,
  lines,
}: Stream): { payloadType: number; codec: AudioCodec } | undefined {
  const names = rtpNames(lines);
  for (const payloadType of formats.map(Number)) {
    const name = names.get(payloadType) ?? staticNames.get(payloadType);
    if (name === 'PCMU/8000') return { payloadType, codec: 'PCMU' };
    if (name === 'PCMA/8000') return { payloadType, codec: 'PCMA' };
  }
  return undefined;
}

/** Formats that a description need not name (RFC 3551 section 6). */
export const staticNames: ReadonlyMap<number, string> = new Map([
  [0, 'PCMU/8000'],
  [8, 'PCMA/8000'],
]);

function dtmfOf({ formats, lines }: Stream): number | undefined {
  const names = rtpNames(lines);
  return formats.map(Number).find((format) => names.get(format) === 'TELEPHONE-EVENT/8000');
}

function directionOf({ lines }: Stream, { session }: Description): MediaDirection {
  for (const line of [...lines, ...session]) {
    const match = /^a=(sendrecv|sendonly|recvonly|inactive)\s*$/.exec(line);
    if (match !== null) return match[1] as MediaDirection;
  }
  return 'sendrecv';
}
