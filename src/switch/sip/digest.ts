import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { parseParams } from './headers.ts';
import { splitOutside } from './message.ts';

/** HTTP digest for SIP: MD5, qop=auth (RFC 3261 section 22, RFC 7616). */
export interface Credentials {
  username: string;
  password: string;
}

export type DigestVerdict = 'ok' | 'wrong' | 'stale' | 'missing';

const nonceLifeMs = 5 * 60_000;
const maxNonces = 10_000;

/** What stands for a password (RFC 3261 section 22.4). */
export function ha1Of({ username, password }: Credentials, realm: string): string {
  return md5(`${username}:${realm}:${password}`);
}

const md5 = (text: string) => createHash('md5').update(text).digest('hex');

/** Parses `Digest a="b", c=d`; undefined when it is another scheme. */
export function parseDigest(value: string | undefined): Map<string, string> | undefined {
  const match = /^\s*Digest\s+(.*)$/is.exec(value ?? '');
  if (!match?.[1]) return undefined;
  return parseParams(splitOutside(match[1], ',').join(';'));
}

export interface DigestInput {
  ha1: string;
  nonce: string;
  method: string;
  uri: string;
  /** Absent for servers of RFC 2069. */
  qop?: { nc: string; cnonce: string };
}

export function digestResponse(input: DigestInput): string {
  const ha2 = md5(`${input.method}:${input.uri}`);
  const { ha1 } = input;
  if (input.qop === undefined) return md5(`${ha1}:${input.nonce}:${ha2}`);
  return md5(`${ha1}:${input.nonce}:${input.qop.nc}:${input.qop.cnonce}:auth:${ha2}`);
}

/** The client's answer to a challenge; undefined when the challenge asks for what we do not do. */
export function answerChallenge(
  challenge: string,
  { method, uri, credentials }: { method: string; uri: string; credentials: Credentials },
): string | undefined {
  const params = parseDigest(challenge);
  const [realm, nonce] = [params?.get('realm'), params?.get('nonce')];
  if (!params || realm === undefined || nonce === undefined) return undefined;
  if ((params.get('algorithm') ?? 'MD5').toUpperCase() !== 'MD5') return undefined;
  const hasQop = (params.get('qop') ?? '').split(',').some((text) => text.trim() === 'auth');
  const qop = hasQop ? { nc: '00000001', cnonce: randomBytes(8).toString('hex') } : undefined;
  const response = digestResponse({
    ha1: ha1Of(credentials, realm),
    nonce,
    method,
    uri,
    ...(qop ? { qop } : {}),
  });
  const fields = [
    `username="${credentials.username}"`,
    `realm="${realm}"`,
    `nonce="${nonce}"`,
    `uri="${uri}"`,
    `response="${response}"`,
    'algorithm=MD5',
  ];
  const opaque = params.get('opaque');
  if (opaque !== undefined) fields.push(`opaque="${opaque}"`);
  if (qop) fields.push('qop=auth', `nc=${qop.nc}`, `cnonce="${qop.cnonce}"`);
  return `Digest ${fields.join(', ')}`;
}

/** The server's side: makes challenges and checks answers; a nonce count is accepted only once. */
export class DigestGuard {
  readonly #realm: string;
  readonly #secret = randomBytes(32);
  readonly #lastCount = new Map<string, number>();
  readonly #now: () => number;

  constructor(realm: string, now: () => number = Date.now) {
    this.#realm = realm;
    this.#now = now;
  }

  challenge(isStale: boolean): string {
    const stamp = this.#now().toString(36);
    const salt = randomBytes(6).toString('hex');
    const nonce = `${stamp}.${salt}.${this.#sign(`${stamp}.${salt}`)}`;
    return `Digest realm="${this.#realm}", nonce="${nonce}", algorithm=MD5, qop="auth"${isStale ? ', stale=true' : ''}`;
  }

  /** Who claims to ask; undefined unless it answers a challenge of ours. */
  claimantOf(header: string | undefined): { username: string | undefined; isStale: boolean } {
    const params = parseDigest(header);
    if (params?.get('realm') !== this.#realm) return { username: undefined, isStale: false };
    return this.#ageOf(params.get('nonce') ?? '') === undefined
      ? { username: undefined, isStale: true }
      : { username: params.get('username'), isStale: false };
  }

  /** `ha1` is undefined for unknown users; the answer is then `wrong`. */
  check(header: string | undefined, method: string, ha1: string | undefined): DigestVerdict {
    const params = parseDigest(header);
    if (params?.get('realm') !== this.#realm) return 'missing';
    const nonce = params.get('nonce') ?? '';
    const age = this.#ageOf(nonce);
    if (age === undefined) return 'stale';
    const [nc, cnonce, uri] = [params.get('nc'), params.get('cnonce'), params.get('uri')];
    if (ha1 === undefined || uri === undefined) return 'wrong';
    const hasQop = params.get('qop') === 'auth' && nc !== undefined && cnonce !== undefined;
    const expected = digestResponse({
      ha1,
      nonce,
      method,
      uri,
      ...(hasQop ? { qop: { nc, cnonce } } : {}),
    });
    if (!isSame(expected, params.get('response') ?? '')) return 'wrong';
    if (age > nonceLifeMs) return 'stale';
    return hasQop && !this.#useCount(nonce, parseInt(nc, 16)) ? 'stale' : 'ok';
  }

  #useCount(nonce: string, count: number): boolean {
    const last = this.#lastCount.get(nonce) ?? 0;
    if (!(count > last)) return false;
    const oldest = this.#lastCount.keys().next();
    if (this.#lastCount.size >= maxNonces && !oldest.done) this.#lastCount.delete(oldest.value);
    this.#lastCount.set(nonce, count);
    return true;
  }

  #ageOf(nonce: string): number | undefined {
    const [stamp, salt, signature] = nonce.split('.');
    if (stamp === undefined || salt === undefined || signature === undefined) return undefined;
    if (!isSame(this.#sign(`${stamp}.${salt}`), signature)) return undefined;
    return this.#now() - parseInt(stamp, 36);
  }

  #sign(text: string): string {
    return createHmac('sha256', this.#secret).update(text).digest('hex').slice(0, 24);
  }
}

function isSame(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
