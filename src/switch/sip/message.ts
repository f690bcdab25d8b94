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

/** What arrived is not SIP; the text says where it fails. */
export class SipSyntaxError extends Error {}

export const maxMessageBytes = 65_535;
const maxHeaders = 200;

/** Compact forms, RFC 3261 section 7.3.3 and later RFCs. */
const compactForms: Readonly<Record<string, string>> = {
  a: 'accept-contact',
  b: 'referred-by',
  c: 'content-type',
  e: 'content-encoding',
  f: 'from',
  i: 'call-id',
  k: 'supported',
  l: 'content-length',
  m: 'contact',
  o: 'event',
  r: 'refer-to',
  s: 'subject',
  t: 'to',
  u: 'allow-events',
  v: 'via',
  x: 'session-expires',
};

/** Headers whose comma-separated values count as separate headers. */
const listHeaders = new Set(['via', 'contact', 'route', 'record-route', 'path']);

/** Parses one whole datagram or framed message; throws `SipSyntaxError` and nothing else. */
export function parseMessage(bytes: Buffer): SipMessage {
  if (bytes.length > maxMessageBytes) throw new SipSyntaxError('too long');
  const split = headEnd(bytes);
  if (split === undefined) throw new SipSyntaxError('no empty line after the headers');
  const lines = unfold(bytes.toString('utf8', 0, split.head));
  const startLine = lines[0] ?? '';
  const headers = parseHeaders(lines.slice(1));
  const body = bodyOf(bytes.subarray(split.body), headers);
  const response = /^SIP\/2\.0 (\d{3}) ?(.*)$/.exec(startLine);
  if (response) {
    return {
      kind: 'response',
      status: Number(response[1]),
      reason: response[2] ?? '',
      headers,
      body,
    };
  }
  const request = /^([A-Za-z0-9.!%*_+`'~-]{1,32}) (\S{1,1024}) SIP\/2\.0$/.exec(startLine);
  if (!request?.[1] || !request[2]) throw new SipSyntaxError('bad start line');
  return { kind: 'request', method: request[1], uri: request[2], headers, body };
}

/** Where the headers end and the body begins; undefined while the empty line is missing. */
export function headEnd(bytes: Buffer): { head: number; body: number } | undefined {
  const crlf = bytes.indexOf('\r\n\r\n');
  if (crlf >= 0) return { head: crlf, body: crlf + 4 };
  const lf = bytes.indexOf('\n\n');
  return lf < 0 ? undefined : { head: lf, body: lf + 2 };
}

/** The Content-Length of a head, for stream transports; 0 when absent, NaN when it is nonsense. */
export function contentLengthOf(head: string): number {
  const match = /^(?:content-length|l)[ \t]*:[ \t]*(.*?)[ \t]*$/im.exec(head);
  if (!match?.[1]) return 0;
  return /^\d{1,9}$/.test(match[1]) ? Number(match[1]) : NaN;
}

function bodyOf(rest: Buffer, headers: readonly Header[]): string {
  const length = headerOf(headers, 'content-length');
  if (length === undefined) return rest.toString('utf8');
  if (!/^\d{1,9}$/.test(length)) throw new SipSyntaxError('bad Content-Length');
  // RFC 3261 section 18.3: bytes behind the length are dropped, too few are an error.
  if (Number(length) > rest.length) throw new SipSyntaxError('body shorter than Content-Length');
  return rest.toString('utf8', 0, Number(length));
}

/** A line that begins with white space continues the one before (RFC 3261 section 7.3.1). */
function unfold(head: string): string[] {
  return head
    .replace(/^[\r\n]+/, '')
    .replace(/\r?\n[ \t]+/g, ' ')
    .split(/\r?\n/);
}

function parseHeaders(lines: readonly string[]): Header[] {
  if (lines.length > maxHeaders) throw new SipSyntaxError('too many headers');
  return lines.flatMap((line): Header[] => {
    const colon = line.indexOf(':');
    if (colon < 1) throw new SipSyntaxError('header without a colon');
    const written = line.slice(0, colon).trim().toLowerCase();
    if (!/^[a-z0-9.!%*_+`'~-]+$/.test(written)) throw new SipSyntaxError('bad header name');
    const name = compactForms[written] ?? written;
    const value = line.slice(colon + 1).trim();
    if (!listHeaders.has(name)) return [[name, value]];
    return splitOutside(value, ',').map((part) => [name, part.trim()]);
  });
}

/** Splits at a separator that stands neither in quotes nor in angle brackets. */
export function splitOutside(text: string, separator: string): string[] {
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

/** The message as bytes, with a correct Content-Length. */
export function serialize(message: SipMessage): Buffer {
  const start =
    message.kind === 'request'
      ? `${message.method} ${message.uri} SIP/2.0`
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
  return text.replace(/[\r\n]+/g, ' ');
}

const specialNames: Readonly<Record<string, string>> = {
  'call-id': 'Call-ID',
  cseq: 'CSeq',
  'www-authenticate': 'WWW-Authenticate',
};

function display(name: string): string {
  return specialNames[name] ?? name.replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase());
}
