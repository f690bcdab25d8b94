/** A SIP message in memory, and how it goes to and from the wire (RFC 3261 section 7). */
export interface SipRequest {
  kind: 'request';
  method: string;
  uri: string;
  headers: Header[];
  body: string;
}

export interface SipResponse {
  kind: 'response';
  status: number;
  reason: string;
  headers: Header[];
  body: string;
}

export type SipMessage = SipRequest | SipResponse;
export type Header = readonly [name: string, value: string];

/** What arrived is not SIP; the text says where it fails, the status what a request is answered with. */
export class SipSyntaxError extends Error {
  readonly status: number;

  constructor(message: string, status = 400) {
    super(message);
    this.status = status;
  }
}

/** Limits of one message, in bytes and counts. Every function here is linear in the length of what it reads. */
export const maxHeadBytes = 16_384;
export const maxBodyBytes = 32_768;
export const maxMessageBytes = maxHeadBytes + maxBodyBytes;
/** A longer datagram is dropped unread. */
export const maxDatagramBytes = 16_384;
const maxHeaders = 200;
const maxMethodLength = 64;
const maxUriLength = 1024;

/** Compact forms, RFC 3261 section 7.3.3 and later RFCs. */
const compactForms: Readonly<Record<string, string>> = {
  a: 'accept-contact',
  b: 'referred-by',
  c: 'content-type',
  d: 'request-disposition',
  e: 'content-encoding',
  f: 'from',
  i: 'call-id',
  j: 'reject-contact',
  k: 'supported',
  l: 'content-length',
  m: 'contact',
  n: 'identity-info',
  o: 'event',
  r: 'refer-to',
  s: 'subject',
  t: 'to',
  u: 'allow-events',
  v: 'via',
  x: 'session-expires',
  y: 'identity',
};

/** Headers whose comma-separated values count as separate headers (section 7.3.1). */
const listHeaders = new Set(
  `accept accept-encoding accept-language alert-info allow allow-events call-info contact content-encoding
  content-language error-info in-reply-to p-asserted-identity p-preferred-identity path proxy-require reason
  record-route require route service-route supported unsupported via warning`.split(/\s+/),
);

/** Parses one whole datagram or framed message; throws `SipSyntaxError` and nothing else. */
export function parseMessage(bytes: Buffer): SipMessage {
  if (bytes.length > maxMessageBytes) throw new SipSyntaxError('too long', 513);
  const split = headEnd(bytes);
  if (split === undefined) throw new SipSyntaxError('no empty line after the headers');
  if (split.head > maxHeadBytes) throw new SipSyntaxError('the headers are too long', 513);
  const [startLine = '', ...lines] = unfold(bytes.toString('utf8', 0, split.head));
  const start = parseStartLine(startLine);
  const headers = parseHeaders(lines);
  const body = bodyOf(bytes.subarray(split.body), headers);
  return start.kind === 'response' ? { ...start, headers, body } : { ...start, headers, body };
}

/**
 * What can be read of a request that is refused, to answer it: the start line's method and whatever header lines
 * are sound. Undefined for responses, for ACK, and for what has no method.
 */
export function salvageRequest(bytes: Buffer): SipRequest | undefined {
  const head = headEnd(bytes)?.head ?? bytes.length;
  const [startLine = '', ...lines] = unfold(
    bytes.toString('utf8', 0, Math.min(head, maxHeadBytes)),
  );
  const method = startLine.slice(0, Math.max(0, startLine.indexOf(' ')));
  if (!isToken(method) || method.length > maxMethodLength || method === 'ACK') return undefined;
  const written = startLine.trimEnd();
  if (!/^SIP\/\d/i.test(written.slice(written.lastIndexOf(' ') + 1))) return undefined;
  const headers = lines.slice(0, maxHeaders).flatMap((line) => {
    try {
      return parseHeader(withoutControl(line));
    } catch (error) {
      if (error instanceof SipSyntaxError) return [];
      throw error;
    }
  });
  return { kind: 'request', method, uri: '', headers, body: '' };
}

type StartLine =
  Pick<SipRequest, 'kind' | 'method' | 'uri'> | Pick<SipResponse, 'kind' | 'status' | 'reason'>;

function parseStartLine(line: string): StartLine {
  if (hasControl(line)) throw new SipSyntaxError('control character in the start line');
  const first = line.indexOf(' ');
  if (first < 1) throw new SipSyntaxError('bad start line');
  const word = line.slice(0, first);
  const rest = line.slice(first + 1);
  if (word.toUpperCase() === 'SIP/2.0') {
    const code = rest.slice(0, 3);
    if (!/^[1-6]\d\d$/.test(code) || (rest.length > 3 && rest[3] !== ' ')) {
      throw new SipSyntaxError('bad status code');
    }
    return { kind: 'response', status: Number(code), reason: rest.slice(4) };
  }
  const last = rest.lastIndexOf(' ');
  const uri = rest.slice(0, Math.max(0, last));
  const version = rest.slice(last + 1).toUpperCase();
  if (word.length > maxMethodLength || !isToken(word)) throw new SipSyntaxError('bad method');
  if (uri === '' || uri.length > maxUriLength || /[\s<>"]/.test(uri)) {
    throw new SipSyntaxError('bad Request-URI');
  }
  if (version !== 'SIP/2.0') {
    throw new SipSyntaxError('unknown version', /^SIP\/\d+\.\d+$/.test(version) ? 505 : 400);
  }
  return { kind: 'request', method: word, uri };
}

/**
 * Where the headers end and the body begins: at the first empty line, whether lines end with CR LF or LF.
 * Undefined while it is missing. `from` is where a search that found nothing may go on.
 */
export function headEnd(bytes: Buffer, from = 0): { head: number; body: number } | undefined {
  for (let at = bytes.indexOf(10, from); at >= 0; at = bytes.indexOf(10, at + 1)) {
    const next = bytes[at + 1] === 13 ? at + 2 : at + 1;
    if (bytes[next] !== 10) continue;
    return { head: bytes[at - 1] === 13 ? at - 1 : at, body: next + 1 };
  }
  return undefined;
}

/** The Content-Length of a head, as the parser reads it; 0 when absent, NaN when it is nonsense. */
export function contentLengthOf(head: string): number {
  const [, ...lines] = unfold(head);
  const values = lines.flatMap((line) => {
    const colon = line.indexOf(':');
    const name = nameOf(line.slice(0, Math.max(0, colon)));
    return name === 'content-length' ? [line.slice(colon + 1).trim()] : [];
  });
  return lengthOf(values) ?? 0;
}

/** Undefined without a value; NaN for nonsense, and for values that do not agree. */
function lengthOf(values: readonly string[]): number | undefined {
  if (values.length === 0) return undefined;
  const lengths = values.map((value) => (/^\d{1,9}$/.test(value) ? Number(value) : NaN));
  return lengths.every((one) => one === lengths[0]) ? lengths[0] : NaN;
}

function bodyOf(rest: Buffer, headers: readonly Header[]): string {
  const length = lengthOf(headersOf(headers, 'content-length'));
  if (length === undefined) return rest.toString('utf8', 0, maxBodyBytes);
  if (Number.isNaN(length)) throw new SipSyntaxError('bad Content-Length');
  // RFC 3261 section 18.3: bytes behind the length are dropped, too few are an error.
  if (length > rest.length) throw new SipSyntaxError('body shorter than Content-Length');
  if (length > maxBodyBytes) throw new SipSyntaxError('the body is too long', 513);
  return rest.toString('utf8', 0, length);
}

/** Lines of a head; one that begins with white space continues the one before (RFC 3261 section 7.3.1). */
function unfold(head: string): string[] {
  const lines: string[][] = [];
  for (const raw of head.split('\n')) {
    const line = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
    if (line === '' && lines.length === 0) continue;
    const isContinued = line.startsWith(' ') || line.startsWith('\t');
    if (isContinued) (lines.at(-1) ?? lines[lines.push([]) - 1])?.push(line.trim());
    else lines.push([line]);
  }
  return lines.map((parts) => parts.join(' '));
}

function parseHeaders(lines: readonly string[]): Header[] {
  if (lines.length > maxHeaders) throw new SipSyntaxError('too many headers');
  const headers = lines.flatMap(parseHeader);
  if (headers.length > 2 * maxHeaders) throw new SipSyntaxError('too many values in headers');
  return headers;
}

function parseHeader(line: string): Header[] {
  const colon = line.indexOf(':');
  if (colon < 1) throw new SipSyntaxError('header without a colon');
  const name = nameOf(line.slice(0, colon));
  if (name === undefined) throw new SipSyntaxError('bad header name');
  const value = line.slice(colon + 1).trim();
  if (hasControl(withoutQuotedPairs(value))) {
    throw new SipSyntaxError(`control character in ${name}`);
  }
  if (!listHeaders.has(name)) return [[name, value]];
  return splitOutside(value, ',').map((part) => [name, part.trim()]);
}

/** A header's long name in lower case; undefined when it is no token. */
function nameOf(written: string): string | undefined {
  const name = written.trimEnd().toLowerCase();
  if (!isToken(name)) return undefined;
  return Object.hasOwn(compactForms, name) ? compactForms[name] : name;
}

export function isToken(text: string): boolean {
  return /^[A-Za-z0-9.!%*_+`'~-]+$/.test(text);
}

/** NUL, line breaks and the like; a tab is white space. */
export function hasControl(text: string): boolean {
  return /[\u0000-\u0008\u000a-\u001f\u007f]/.test(text);
}

function withoutControl(text: string): string {
  return text.replace(/[\u0000-\u0008\u000a-\u001f\u007f]/g, '?');
}

/** Behind a backslash in quotes any character but a line break may stand (RFC 3261 section 25.1). */
function withoutQuotedPairs(value: string): string {
  if (!value.includes('\\') || !hasControl(value)) return value;
  let isQuoted = false;
  let kept = '';
  for (let at = 0; at < value.length; at += 1) {
    const char = value[at] ?? '';
    if (char === '"') isQuoted = !isQuoted;
    const isPair = isQuoted && char === '\\' && !/[\r\n]/.test(value[at + 1] ?? '');
    if (isPair) at += 1;
    else kept += char;
  }
  return kept;
}

/** Splits at a separator that stands neither in quotes nor in angle brackets. */
export function splitOutside(text: string, separator: string): string[] {
  if (!text.includes(separator)) return [text];
  const parts: string[] = [];
  let isQuoted = false;
  let depth = 0;
  let start = 0;
  for (let i = 0; i < text.length; i += 1) {
    const char = text[i];
    if (isQuoted) {
      if (char === '\\') i += 1;
      else if (char === '"') isQuoted = false;
    } else if (char === '"') isQuoted = true;
    else if (char === '<') depth += 1;
    else if (char === '>') depth = Math.max(0, depth - 1);
    else if (char === separator && depth === 0) {
      parts.push(text.slice(start, i));
      start = i + 1;
    }
  }
  parts.push(text.slice(start));
  return parts;
}

/** First value of a header; names are lower case. */
export function headerOf(headers: readonly Header[], name: string): string | undefined {
  return headers.find(([key]) => key === name)?.[1];
}

export function headersOf(headers: readonly Header[], name: string): string[] {
  return headers.filter(([key]) => key === name).map(([, value]) => value);
}

/** The tokens of a list such as Require or Supported, in lower case, over all its headers. */
export function tokensOf(headers: readonly Header[], name: string): string[] {
  return headersOf(headers, name)
    .flatMap((value) => value.split(','))
    .map((one) => one.trim().toLowerCase())
    .filter((one) => one !== '');
}

/** The message as bytes, with a correct Content-Length. */
export function serialize(message: SipMessage): Buffer {
  const start =
    message.kind === 'request'
      ? `${message.method} ${oneLine(message.uri)} SIP/2.0`
      : `SIP/2.0 ${message.status} ${oneLine(message.reason)}`;
  const body = Buffer.from(message.body);
  const lines = message.headers
    .filter(([name]) => name !== 'content-length')
    .map(([name, value]) => `${display(name)}: ${oneLine(value)}`);
  const head = [start, ...lines, `Content-Length: ${body.length}`, '', ''].join('\r\n');
  return Buffer.concat([Buffer.from(head), body]);
}

/** No value may begin a new header. */
function oneLine(text: string): string {
  return text.replace(/[\r\n\0]+/g, ' ');
}

const specialNames: Readonly<Record<string, string>> = {
  'call-id': 'Call-ID',
  cseq: 'CSeq',
  'www-authenticate': 'WWW-Authenticate',
};

function display(name: string): string {
  return specialNames[name] ?? name.replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase());
}
