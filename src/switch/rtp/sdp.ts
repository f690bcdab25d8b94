import { codecs } from './g711.ts';
import type { AudioCodec, MediaDirection, RemoteMedia } from './media.types.ts';

/** Where we receive, as our descriptions say it (RFC 4566). */
export interface LocalMedia {
  host: string;
  port: number;
  /** Session id of the o= line; the version grows with each new description. */
  sessionId: number;
  version: number;
}

export class SdpError extends Error {}

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
  offer(options?: { direction?: MediaDirection; codec?: AudioCodec }): Promise<string>;
  /** Rejects with `SdpError` when we cannot take part. */
  answer(offer: string): Promise<{ sdp: string; remote: RemoteMedia }>;
  /** The answer to our offer. */
  accept(answer: string): Promise<RemoteMedia>;
}

/** Plain RTP, or the encrypted audio of browsers (RFC 8827). */
export type SdpKind = 'plain' | 'webrtc';

const audioLine: Readonly<Record<SdpKind, RegExp>> = {
  plain: /^m=audio \d+ RTP\/AVP /,
  webrtc: /^m=audio \d+ UDP\/TLS\/RTP\/SAVPF /,
};

export function kindOf(sdp: string): SdpKind {
  return sdp.split(/\r?\n/).some((line) => audioLine.webrtc.test(line)) ? 'webrtc' : 'plain';
}

/** The first audio stream that we can take part in; throws `SdpError` when there is none. */
export function parseSdp(text: string, kind: SdpKind = 'plain'): RemoteMedia {
  const lines = text.split(/\r?\n/);
  const media = lines.findIndex((line) => audioLine[kind].test(line));
  if (media < 0) throw new SdpError('the description has no audio that we can take part in');
  const nextMedia = lines.findIndex((line, index) => index > media && line.startsWith('m='));
  const own = lines.slice(media, nextMedia < 0 ? undefined : nextMedia);
  const session = lines.slice(
    0,
    lines.findIndex((line) => line.startsWith('m=')),
  );
  const find = (prefix: string) =>
    own.find((line) => line.startsWith(prefix)) ?? session.find((line) => line.startsWith(prefix));
  const [, port, , ...formats] = (own[0] ?? '').split(' ');
  const host = /^c=IN IP4 ([^/\s]+)/.exec(find('c=') ?? '')?.[1];
  if (host === undefined) throw new SdpError('the description has no IPv4 address');
  const names = rtpNames(own);
  const codec = formats
    .map((format) => ({ payloadType: Number(format), codec: codecOf(Number(format), names) }))
    .find((one): one is { payloadType: number; codec: AudioCodec } => one.codec !== undefined);
  if (codec === undefined) throw new SdpError('the description offers neither PCMU nor PCMA');
  const dtmf = formats.map(Number).find((format) => names.get(format) === 'TELEPHONE-EVENT/8000');
  return {
    host,
    port: Number(port),
    ...codec,
    dtmfPayloadType: dtmf,
    // RFC 3264 section 8.4; a browser writes the same address and means "ask ICE".
    direction:
      (host === '0.0.0.0' && kind === 'plain') || port === '0'
        ? 'inactive'
        : directionOf(own, session),
  };
}

/** Our answer to `remote`: its codec, its telephone events, the opposite direction (RFC 3264). */
export function answerTo(remote: RemoteMedia, local: LocalMedia): string {
  return describe(local, {
    formats: [{ payloadType: remote.payloadType, name: `${remote.codec}/8000` }],
    dtmfPayloadType: remote.dtmfPayloadType,
    direction: opposite[remote.direction],
  });
}

export function offerFor(
  local: LocalMedia,
  { direction = 'sendrecv', codec }: { direction?: MediaDirection; codec?: AudioCodec } = {},
): string {
  const names: AudioCodec[] = codec === undefined ? ['PCMA', 'PCMU'] : [codec];
  return describe(local, {
    formats: names.map((name) => ({
      payloadType: codecs[name].payloadType,
      name: `${name}/8000`,
    })),
    dtmfPayloadType: 101,
    direction,
  });
}

function describe(
  local: LocalMedia,
  media: {
    formats: readonly { payloadType: number; name: string }[];
    dtmfPayloadType: number | undefined;
    direction: MediaDirection;
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
    `m=audio ${local.port} RTP/AVP ${all.map(({ payloadType }) => payloadType).join(' ')}`,
    ...all.map(({ payloadType, name }) => `a=rtpmap:${payloadType} ${name}`),
    ...(media.dtmfPayloadType === undefined ? [] : [`a=fmtp:${media.dtmfPayloadType} 0-15`]),
    'a=ptime:20',
    `a=${media.direction}`,
    '',
  ].join('\r\n');
}

function rtpNames(lines: readonly string[]): Map<number, string> {
  return new Map(
    lines.flatMap((line): [number, string][] => {
      const match = /^a=rtpmap:(\d+) ([^/\s]+\/\d+)/.exec(line);
      return match === null ? [] : [[Number(match[1]), (match[2] ?? '').toUpperCase()]];
    }),
  );
}

function codecOf(payloadType: number, names: ReadonlyMap<number, string>): AudioCodec | undefined {
  const name = names.get(payloadType);
  if (name === 'PCMU/8000' || (name === undefined && payloadType === 0)) return 'PCMU';
  if (name === 'PCMA/8000' || (name === undefined && payloadType === 8)) return 'PCMA';
  return undefined;
}

function directionOf(own: readonly string[], session: readonly string[]): MediaDirection {
  for (const line of [...own, ...session]) {
    const match = /^a=(sendrecv|sendonly|recvonly|inactive)\s*$/.exec(line);
    if (match !== null) return match[1] as MediaDirection;
  }
  return 'sendrecv';
}
