/**
 * A session description as lines and streams (RFC 8866), checked as a whole before anything uses it:
 * sizes, counts, ports, payload types, packet lengths. Nothing here knows what we can take part in.
 */
export class SdpError extends Error {
  /** 400 when it is no description, 488 when it is one that we cannot take part in. */
  readonly status: 400 | 488;
  constructor(message: string, status: 400 | 488 = 488) {
    super(message);
    this.status = status;
  }
}

/** One `m=` line with what belongs to it. */
export interface Stream {
  media: string;
  port: number;
  protocol: string;
  formats: readonly string[];
  /** The lines behind the `m=` line. */
  lines: readonly string[];
}

export interface Description {
  /** The lines before the first `m=` line. */
  session: readonly string[];
  streams: readonly Stream[];
}

export const sdpLimits = {
  bytes: 32_768,
  lines: 1000,
  lineLength: 1500,
  streams: 16,
  formats: 64,
} as const;

export function parseDescription(text: string): Description {
  if (Buffer.byteLength(text) > sdpLimits.bytes) {
    throw new SdpError(`the description is longer than ${sdpLimits.bytes} bytes`, 400);
  }
  const lines = text
    .split('\n')
    .map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line))
    .filter((line) => line !== '');
  if (lines.length > sdpLimits.lines) {
    throw new SdpError(`the description has more than ${sdpLimits.lines} lines`, 400);
  }
  if (lines[0]?.trimEnd() !== 'v=0') throw new SdpError('the description must begin with v=0', 400);
  for (const line of lines) checkLine(line);
  const first = lines.findIndex((line) => line.startsWith('m='));
  if (first < 0) throw new SdpError('the description has no m= line');
  const session = lines.slice(0, first);
  const streams = streamsOf(lines.slice(first));
  for (const one of [{ lines: session }, ...streams]) one.lines.forEach(checkAttribute);
  return { session, streams };
}

function checkLine(line: string): void {
  if (line.length > sdpLimits.lineLength) {
    throw new SdpError(`a line is longer than ${sdpLimits.lineLength} characters`, 400);
  }

  if (!/^[a-z]=/.test(line) || /[\u0000\r]/.test(line)) {
    throw new SdpError('a line is not of the form x=value', 400);
  }
}

function streamsOf(lines: readonly string[]): Stream[] {
  const starts = lines.flatMap((line, at) => (line.startsWith('m=') ? [at] : []));
  if (starts.length > sdpLimits.streams) {
    throw new SdpError(`the description has more than ${sdpLimits.streams} m= lines`, 400);
  }
  return starts.map((start, index) => ({
    ...parseMediaLine(lines[start] ?? ''),
    lines: lines.slice(start + 1, starts[index + 1]),
  }));
}

/** `m=audio 49170/2 RTP/AVP 8 101`; the number of ports is read and left aside (section 5.14). */
function parseMediaLine(line: string): Omit<Stream, 'lines'> {
  const [media = '', place = '', protocol = '', ...formats] = line.slice(2).trim().split(/ +/);
  const [port = '', count] = place.split('/');
  if (!isToken(media) || !isProtocol(protocol)) {
    throw new SdpError('m= names no medium or no transport', 400);
  }
  if (!isNumberUpTo(port, 65_535)) throw new SdpError('m= port must be from 0 to 65535', 400);
  if (count !== undefined && (!isNumberUpTo(count, 65_535) || Number(count) === 0)) {
    throw new SdpError('m= number of ports must be from 1 to 65535', 400);
  }
  if (formats.length === 0 || formats.length > sdpLimits.formats) {
    throw new SdpError(`m= must name 1 to ${sdpLimits.formats} formats`, 400);
  }
  if (!formats.every(isToken)) throw new SdpError('m= has a format that is no word', 400);
  if (isRtp(protocol) && !formats.every((one) => isNumberUpTo(one, 127))) {
    throw new SdpError('m= payload types must be from 0 to 127', 400);
  }
  return { media, port: Number(port), protocol, formats };
}

export function isRtp(protocol: string): boolean {
  return /(^|\/)RTP\//.test(protocol);
}

function checkAttribute(line: string): void {
  if (line.startsWith('a=rtpmap:')) {
    const match = /^a=rtpmap: ?(\d{1,3}) +[^/\s]{1,64}\/(\d{1,7})(\/\d{1,3})?\s*$/.exec(line);
    if (match === null || Number(match[1]) > 127 || Number(match[2]) === 0) {
      throw new SdpError('a=rtpmap must be <0 to 127> <name>/<clock rate>', 400);
    }
  } else if (/^a=(max)?ptime:/.test(line)) {
    const match = /^a=(?:max)?ptime: ?(\d{1,4})(?:\.\d{1,6})?\s*$/.exec(line);
    const length = Number(match?.[1]);
    if (!(length >= 1 && length <= 1000)) {
      throw new SdpError('a=ptime must be from 1 to 1000 milliseconds', 400);
    }
  } else if (line.startsWith('c=')) checkConnection(line);
}

function checkConnection(line: string): void {
  const match = /^c=IN (IP4|IP6) ([^\s/]{1,255})(?:\/\d{1,3}){0,2}\s*$/.exec(line);
  if (match === null) throw new SdpError('c= must be IN IP4 or IN IP6 and an address', 400);
  const address = match[2] ?? '';
  const isDotted = /^[\d.]+$/.test(address);
  if (match[1] === 'IP4' && isDotted && !isIpv4(address)) {
    throw new SdpError('c= has no such IPv4 address', 400);
  }
}

export function isIpv4(text: string): boolean {
  const parts = text.split('.');
  return parts.length === 4 && parts.every((part) => isNumberUpTo(part, 255));
}

export function isNumberUpTo(text: string, most: number): boolean {
  return /^\d{1,6}$/.test(text) && Number(text) <= most;
}

function isToken(text: string): boolean {
  return /^[!#$%&'*+.0-9A-Z^_`a-z{|}~-]{1,64}$/.test(text);
}

function isProtocol(text: string): boolean {
  return text.length <= 64 && text.split('/').every(isToken);
}

/** The value of an attribute (`a=name:value`), or '' for a flag; undefined when it is not there. */
export function attributeOf(lines: readonly string[], name: string): string | undefined {
  for (const line of lines) {
    if (line === `a=${name}`) return '';
    if (line.startsWith(`a=${name}:`)) return line.slice(name.length + 3).trim();
  }
  return undefined;
}

/** Streams that are bundled on one transport, by their `a=mid` (RFC 9143). */
export function bundleOf(session: readonly string[]): readonly string[] {
  const group = session.find((line) => line.startsWith('a=group:BUNDLE '));
  return group === undefined ? [] : group.slice('a=group:BUNDLE '.length).trim().split(/ +/);
}

/** The description with that stream alone: what somebody else's library may read. */
export function onlyStream({ session, streams }: Description, at: number): string {
  const own = streams[at];
  if (own === undefined) throw new SdpError('there is no such stream');
  const mid = attributeOf(own.lines, 'mid');
  const bundle = bundleOf(session);
  const isBundled = mid !== undefined && bundle.includes(mid);
  const tagged = streams.find(({ lines }) => attributeOf(lines, 'mid') === bundle[0]);
  // What belongs to the shared transport may stand in the bundle's first stream alone.
  const shared =
    isBundled && tagged !== undefined && tagged !== own
      ? tagged.lines.filter((line) => isOfTransport(line) && !hasSame(own.lines, line))
      : [];
  return [
    ...session.filter((line) => !line.startsWith('a=group:')),
    ...(isBundled ? [`a=group:BUNDLE ${mid}`] : []),
    `m=${own.media} ${own.port === 0 ? 9 : own.port} ${own.protocol} ${own.formats.join(' ')}`,
    ...own.lines.filter((line) => line !== 'a=bundle-only'),
    ...shared,
    '',
  ].join('\r\n');
}

const ofTransport = ['candidate', 'ice-ufrag', 'ice-pwd', 'fingerprint', 'setup'];

function isOfTransport(line: string): boolean {
  return ofTransport.some((name) => line.startsWith(`a=${name}:`));
}

function hasSame(lines: readonly string[], line: string): boolean {
  const name = line.slice(0, line.indexOf(':') + 1);
  return lines.some((one) => one.startsWith(name));
}

/** How a far end's description is laid out: what ours must be laid out like. */
export interface Layout {
  streams: readonly Pick<Stream, 'media' | 'protocol' | 'formats' | 'lines'>[];
  /** Which of them we take part in. */
  at: number;
}

/**
 * Our description of one stream, laid out as the far end's: as many `m=` lines, in its order, with
 * port 0 where we do not take part (RFC 3264 section 6; RFC 8829 section 5.3.1 for bundles).
 */
export function laidOut(own: string, { streams, at }: Layout): string {
  const lines = own.split('\r\n').filter((line) => line !== '');
  const found = lines.findIndex((line) => line.startsWith('m='));
  const first = found < 0 ? lines.length : found;
  const stream = lines.slice(first);
  const all = streams.flatMap(({ media, protocol, formats, lines: theirs }, index) => {
    if (index === at) return stream;
    const mid = attributeOf(theirs, 'mid');
    return [
      `m=${media} 0 ${protocol} ${formats[0] ?? '0'}`,
      'c=IN IP4 0.0.0.0',
      ...(mid === undefined ? [] : [`a=mid:${mid}`]),
      'a=inactive',
    ];
  });
  return [...lines.slice(0, first), ...all, ''].join('\r\n');
}
