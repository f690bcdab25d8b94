import { headersOf, isToken, SipSyntaxError, type Header } from './message.ts';
import { parseHostPort, parseParams, parseUri, unquote, type SipUri } from './uri.ts';
import type { SipParty } from '../user-agent.types.ts';

export { parseParams, parseRequestUri, parseUri, type SipUri } from './uri.ts';

/** The grammar of single header values (RFC 3261 section 25), each read in one pass. */
export interface NameAddress {
  displayName: string;
  uri: SipUri;
  params: ReadonlyMap<string, string>;
}

export interface Via {
  version: string;
  transport: string;
  host: string;
  port: number | undefined;
  params: ReadonlyMap<string, string>;
}

/** From, To, Contact, Refer-To: with or without display name and angle brackets. */
export function parseNameAddress(value: string): NameAddress {
  const open = openBracket(value);
  if (open >= 0) {
    const close = value.indexOf('>', open);
    if (close < 0) throw new SipSyntaxError('no closing angle bracket');
    const behind = value.slice(close + 1).trim();
    if (behind !== '' && !behind.startsWith(';')) {
      throw new SipSyntaxError('text behind an address');
    }
    return {
      displayName: unquote(value.slice(0, open).trim()),
      uri: parseUri(value.slice(open + 1, close)),
      params: parseParams(behind),
    };
  }
  // Without brackets, parameters belong to the header, not to the URI (section 20.10).
  const semicolon = value.indexOf(';');
  const uri = semicolon < 0 ? value : value.slice(0, semicolon);
  if (uri.includes('?')) throw new SipSyntaxError('a URI with headers needs angle brackets');
  return {
    displayName: '',
    uri: parseUri(uri),
    params: parseParams(semicolon < 0 ? '' : value.slice(semicolon)),
  };
}

/** The angle bracket that opens the URI, behind a display name that may be quoted; -1 without one. */
function openBracket(value: string): number {
  const start = value.length - value.trimStart().length;
  if (value[start] !== '"') return value.indexOf('<');
  for (let at = start + 1; at < value.length; at += 1) {
    if (value[at] === '\\') at += 1;
    else if (value[at] === '"') return value.indexOf('<', at);
  }
  throw new SipSyntaxError('a display name without a closing quote');
}

/** `SIP / 2.0 / UDP host:port;params`; white space may stand around the slashes and the colon. */
export function parseVia(value: string): Via {
  const semicolon = value.indexOf(';');
  const front = semicolon < 0 ? value : value.slice(0, semicolon);
  const [name = '', version = '', ...more] = front.split('/');
  const [transport = '', ...sentBy] = more
    .join('/')
    .trim()
    .split(/[ \t]+/);
  const isVersion = /^\d{1,3}\.\d{1,3}$/.test(version.trim());
  if (name.trim().toUpperCase() !== 'SIP' || !isVersion || !isToken(transport)) {
    throw new SipSyntaxError('bad Via');
  }
  const [host, port] = parseHostPort(sentBy.join(''));
  return {
    version: version.trim(),
    transport: transport.toUpperCase(),
    host,
    port,
    params: parseParams(semicolon < 0 ? '' : value.slice(semicolon)),
  };
}

/** A whole number below 2^31, leading zeros allowed (section 8.1.1.5). */
export function parseCSeq(value: string | undefined): { number: number; method: string } {
  const [digits = '', method = '', ...more] = (value ?? '').trim().split(/[ \t]+/);
  const number = /^\d+$/.test(digits) ? Number(digits) : NaN;
  if (!(number <= 0x7fffffff) || !isToken(method) || more.length > 0) {
    throw new SipSyntaxError('bad CSeq');
  }
  return { number, method };
}

export function toParty({ displayName, uri, params }: NameAddress): SipParty {
  return {
    // A quoted one may hold any character.
    displayName: displayName.replace(/[\u0000-\u001f\u007f]/g, ''),
    user: uri.user,
    host: uri.host,
    port: uri.port,
    uri: uri.text,
    tag: params.get('tag'),
  };
}

export function quoteDisplayName(name: string): string {
  return name === '' ? '' : `"${name.replace(/[\\"]/g, '\\$&')}" `;
}

/** User parts of ours come from numbers and names; anything else is percent-encoded. */
export function encodeUser(user: string): string {
  // Halves of surrogate pairs cannot be encoded; a buffer replaces them.
  return encodeURIComponent(Buffer.from(user).toString()).replace(/%2B/g, '+');
}

/** `Reason: Q.850;cause=16` (RFC 3326). */
export function q850Of(headers: readonly Header[]): number | undefined {
  for (const value of headersOf(headers, 'reason')) {
    const [protocol = '', ...params] = value.split(';');
    if (protocol.trim().toUpperCase() !== 'Q.850') continue;
    const cause = parseParams(params.join(';')).get('cause') ?? '';
    if (/^\d{1,3}$/.test(cause)) return Number(cause);
  }
  return undefined;
}
