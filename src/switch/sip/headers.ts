import { splitOutside, SipSyntaxError } from './message.ts';
import type { SipParty } from './user-agent.types.ts';

/** The grammar of single header values (RFC 3261 section 25). */
export interface SipUri {
  user: string;
  host: string;
  port: number | undefined;
  params: ReadonlyMap<string, string>;
  /** As written. */
  text: string;
}

export interface NameAddress {
  displayName: string;
  uri: SipUri;
  params: ReadonlyMap<string, string>;
}

export interface Via {
  transport: string;
  host: string;
  port: number | undefined;
  params: ReadonlyMap<string, string>;
}

/** `sip:user:password@host:port;params?headers`; the password is dropped. */
export function parseUri(text: string): SipUri {
  const match = /^sips?:(?:([^@\s]*)@)?([^;?\s]+)([^?\s]*)/i.exec(text.trim());
  if (!match?.[2]) throw new SipSyntaxError('bad SIP URI');
  const [host, port] = parseHostPort(match[2]);
  const user = decodeUser((match[1] ?? '').split(':')[0]?.split(';')[0] ?? '');
  return { user, host, port, params: parseParams(match[3] ?? ''), text: text.trim() };
}

function decodeUser(user: string): string {
  try {
    return decodeURIComponent(user);
  } catch {
    return user;
  }
}

function parseHostPort(text: string): [string, number | undefined] {
  const match = /^(\[[0-9a-f:.]+\]|[^:\s]+)(?::(\d{1,5}))?$/i.exec(text);
  const port = match?.[2] === undefined ? undefined : Number(match[2]);
  if (!match?.[1] || (port !== undefined && port > 65_535)) throw new SipSyntaxError('bad host');
  return [match[1], port];
}

/** `;a=b;c` to a map with lower-case names; quoted values lose their quotes. */
export function parseParams(text: string): Map<string, string> {
  const params = new Map<string, string>();
  for (const part of splitOutside(text, ';')) {
    if (part.trim() === '') continue;
    const equals = part.indexOf('=');
    const name = (equals < 0 ? part : part.slice(0, equals)).trim().toLowerCase();
    const value = equals < 0 ? '' : part.slice(equals + 1).trim();
    params.set(name, value.replace(/^"(.*)"$/s, '$1'));
  }
  return params;
}

/** From, To, Contact, Refer-To: with or without display name and angle brackets. */
export function parseNameAddress(value: string): NameAddress {
  const bracket = /^\s*(?:"((?:[^"\\]|\\.)*)"|([^<"]*?))\s*<([^>]+)>(.*)$/s.exec(value);
  if (bracket?.[3]) {
    const quoted = bracket[1]?.replace(/\\(.)/gs, '$1');
    return {
      displayName: quoted ?? bracket[2] ?? '',
      uri: parseUri(bracket[3]),
      params: parseParams(bracket[4] ?? ''),
    };
  }
  // Without brackets, parameters belong to the header, not to the URI (section 20.10).
  const semicolon = value.indexOf(';');
  const uri = semicolon < 0 ? value : value.slice(0, semicolon);
  return {
    displayName: '',
    uri: parseUri(uri),
    params: parseParams(semicolon < 0 ? '' : value.slice(semicolon)),
  };
}

export function parseVia(value: string): Via {
  const match = /^SIP\s*\/\s*2\.0\s*\/\s*([A-Za-z]+)\s+([^;\s]+)\s*(.*)$/s.exec(value);
  if (!match?.[1] || !match[2]) throw new SipSyntaxError('bad Via');
  const [host, port] = parseHostPort(match[2]);
  return { transport: match[1].toUpperCase(), host, port, params: parseParams(match[3] ?? '') };
}

export function parseCSeq(value: string | undefined): { number: number; method: string } {
  const match = /^(\d{1,10})\s+(\S+)$/.exec(value ?? '');
  const number = Number(match?.[1]);
  if (!match?.[2] || number > 0x7fffffff) throw new SipSyntaxError('bad CSeq');
  return { number, method: match[2] };
}

export function toParty({ displayName, uri, params }: NameAddress): SipParty {
  return {
    displayName,
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
  return encodeURIComponent(user).replace(/%2B/g, '+').replace(/%23/g, '%23');
}
