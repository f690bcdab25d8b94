import { hasControl, splitOutside, SipSyntaxError } from './message.ts';

/** A `sip:`, `sips:` or `tel:` URI (RFC 3261 section 19.1, RFC 3966). */
export interface SipUri {
  scheme: 'sip' | 'sips' | 'tel';
  /** Percent-decoded. Of a telephone number (RFC 3966) the digits alone, with its global context in front. */
  user: string;
  /** Empty for `tel:`. */
  host: string;
  port: number | undefined;
  params: ReadonlyMap<string, string>;
  /** `?name=value` stands behind it. */
  hasHeaders: boolean;
  /** As written. */
  text: string;
}

const schemes = new Set(['sip', 'sips', 'tel']);

/** Of a start line: 416 for a scheme that we do not serve, and no headers for a request to be made (section 19.1.1). */
export function parseRequestUri(written: string): SipUri {
  const scheme = schemeOf(written);
  if (scheme !== undefined && !schemes.has(scheme)) {
    throw new SipSyntaxError(`unknown URI scheme ${scheme}`, 416);
  }
  const uri = parseUri(written);
  if (uri.hasHeaders) throw new SipSyntaxError('headers in the Request-URI');
  return uri;
}

/** In lower case; undefined when nothing before a colon is one. */
function schemeOf(text: string): string | undefined {
  const scheme = text.slice(0, Math.max(0, text.indexOf(':'))).toLowerCase();
  return /^[a-z][a-z0-9+.-]*$/.test(scheme) ? scheme : undefined;
}

/** `sip:user:password@host:port;params?headers` or `tel:number;params`; the password is dropped. */
export function parseUri(written: string): SipUri {
  const text = written.trim();
  const scheme = schemeOf(text);
  if (scheme === undefined) throw new SipSyntaxError('bad URI');
  if (hasControl(text) || /[\s<>"]/.test(text)) throw new SipSyntaxError('bad character in a URI');
  if (!schemes.has(scheme)) throw new SipSyntaxError(`unknown URI scheme ${scheme}`);
  const rest = text.slice(text.indexOf(':') + 1);
  if (scheme === 'tel') return { ...parseTel(rest), text };
  const at = rest.indexOf('@');
  const userInfo = at < 0 ? '' : rest.slice(0, at);
  const tail = rest.slice(at + 1);
  const question = tail.indexOf('?');
  const address = question < 0 ? tail : tail.slice(0, question);
  const semicolon = address.indexOf(';');
  const [host, port] = parseHostPort(semicolon < 0 ? address : address.slice(0, semicolon));
  const params = parseParams(semicolon < 0 ? '' : address.slice(semicolon));
  const isPhone = params.get('user')?.toLowerCase() === 'phone';
  const user = parseUser(userInfo, isPhone);
  const hasHeaders = question >= 0;
  return { scheme: scheme === 'sips' ? 'sips' : 'sip', user, host, port, params, hasHeaders, text };
}

function parseTel(rest: string): Omit<SipUri, 'text'> {
  const user = parseUser(rest, true);
  if (user === '') throw new SipSyntaxError('a tel URI without a number');
  const semicolon = rest.indexOf(';');
  const params = parseParams(semicolon < 0 ? '' : rest.slice(semicolon));
  return { scheme: 'tel', user, host: '', port: undefined, params, hasHeaders: false };
}

/** `number;phone-context=+86:password`: parameters of a number stand in front of the password. */
function parseUser(userInfo: string, isPhone: boolean): string {
  const semicolon = userInfo.indexOf(';');
  const front = semicolon < 0 ? userInfo : userInfo.slice(0, semicolon);
  const password = front.indexOf(':');
  const user = decoded(password < 0 ? front : front.slice(0, password));
  if (hasControl(user)) throw new SipSyntaxError('control character in the user of a URI');
  const params = parseParams(semicolon < 0 ? '' : userInfo.slice(semicolon));
  const context = decoded(params.get('phone-context') ?? '');
  if (!isPhone && context === '' && !isWrittenNumber(user)) return user;
  return withContext(user.replace(/[-.() ]/g, ''), context.replace(/[-.()]/g, ''));
}

/** Digits parted by the visual separators of RFC 3966, as people and exchanges write them. */
function isWrittenNumber(user: string): boolean {
  return /^\+?[-.() 0-9*#]+$/.test(user) && /\d/.test(user);
}

/** RFC 3966 section 5.1.5: a local number with a global context is that context and the number. */
function withContext(number: string, context: string): string {
  if (number.startsWith('+') || !/^\+\d{1,15}$/.test(context)) return number;
  // The trunk prefix is not dialled behind a country code.
  return context + (number.startsWith('0') ? number.slice(1) : number);
}

/** Without its escapes (RFC 3986 section 2.1); those that are no UTF-8 stay as they are written. */
export function decoded(text: string): string {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) return text;
    throw error;
  }
}

export function parseHostPort(text: string): [string, number | undefined] {
  const bracket = text.startsWith('[') ? text.indexOf(']') : -1;
  const colon = text.indexOf(':', Math.max(0, bracket));
  const host = colon < 0 ? text : text.slice(0, colon);
  const port = colon < 0 ? undefined : text.slice(colon + 1);
  const isHost = bracket > 0 ? /^\[[0-9a-f:.]+\]$/i.test(host) : /^[\w.-]+$/.test(host);
  if (!isHost || host.length > 255) throw new SipSyntaxError('bad host');
  if (port === undefined) return [host, undefined];
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) throw new SipSyntaxError('bad port');
  return [host, Number(port)];
}

/** `;a=b;c` to a map with lower-case names; quoted values lose their quotes. The first of a name counts. */
export function parseParams(text: string): Map<string, string> {
  const params = new Map<string, string>();
  for (const part of splitOutside(text, ';')) {
    const equals = part.indexOf('=');
    const name = (equals < 0 ? part : part.slice(0, equals)).trim().toLowerCase();
    if (name === '' || params.has(name)) continue;
    params.set(name, equals < 0 ? '' : unquote(part.slice(equals + 1).trim()));
  }
  return params;
}

export function unquote(text: string): string {
  if (text.length < 2 || !text.startsWith('"') || !text.endsWith('"')) return text;
  return text.slice(1, -1).replace(/\\(.)/gs, '$1');
}
