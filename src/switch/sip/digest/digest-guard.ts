import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import {
  algorithmOf,
  digestAlgorithms,
  digestResponse,
  parseDigest,
  type DigestAlgorithm,
} from './digest-hash.ts';
import { parseUri } from '../message/headers.ts';
import { SipSyntaxError } from '../message/message.ts';

/** `missing`: no answer to a challenge of ours. `stale`: right or not, its nonce is used up. */
export type DigestVerdict = 'ok' | 'wrong' | 'stale' | 'missing';

/** An answer that can be checked, taken out of the headers of a request. */
export interface DigestClaim {
  username: string;
  algorithm: DigestAlgorithm;
  nonce: string;
  uri: string;
  nc: string;
  cnonce: string;
  response: string;
}

export interface DigestSecrets {
  ha1: string;
  ha1Sha256?: string;
}

const nonceLifeMs = 5 * 60_000;
const maxNonces = 10_000;

/**
 * The server's side of digest. An answer without `qop` is none, so that each counts once (RFC 7616 section 3.4):
 * the count of a nonce only grows. What is checked takes the same steps whether the user exists or not.
 */
export class DigestGuard {
  readonly #realm: string;
  readonly #secret = randomBytes(32);
  readonly #lastCount = new Map<string, number>();
  readonly #now: () => number;
  /** Nonces made before were forgotten with their counts. */
  #forgottenUntil = 0;

  constructor(realm: string, now: () => number = Date.now) {
    this.#realm = realm;
    this.#now = now;
  }

  /** One challenge for each algorithm, the preferred one first (RFC 8760 section 2.4). */
  challenges(
    isStale: boolean,
    algorithms: readonly DigestAlgorithm[] = digestAlgorithms,
  ): string[] {
    const stamp = this.#now().toString(36);
    const salt = randomBytes(6).toString('hex');
    const nonce = `${stamp}.${salt}.${this.#sign(`${stamp}.${salt}`)}`;
    return algorithms.map(
      (algorithm) =>
        `Digest realm="${this.#realm}", nonce="${nonce}", algorithm=${algorithm}, qop="auth"${isStale ? ', stale=true' : ''}`,
    );
  }

  /** The answer for our realm among the values of Authorization headers; undefined without a whole one. */
  claimOf(values: readonly string[]): DigestClaim | 'stale' | undefined {
    for (const value of values) {
      const params = parseDigest(value);
      if (params?.get('realm') !== this.#realm) continue;
      const claim = wholeClaim(params);
      if (claim === undefined) continue;
      return this.#ageOf(claim.nonce) === undefined ? 'stale' : claim;
    }
    return undefined;
  }

  /** `secrets` is undefined for unknown users; the answer is then `wrong`. */
  check(
    claim: DigestClaim,
    request: { method: string; uri: string },
    secrets: DigestSecrets | undefined,
  ): DigestVerdict {
    const age = this.#ageOf(claim.nonce);
    if (age === undefined) return 'stale';
    const kept = claim.algorithm === 'SHA-256' ? secrets?.ha1Sha256 : secrets?.ha1;
    const expected = digestResponse({
      algorithm: claim.algorithm,
      ha1: kept ?? this.#sign(claim.username),
      nonce: claim.nonce,
      method: request.method,
      uri: claim.uri,
      qop: { nc: claim.nc, cnonce: claim.cnonce },
    });
    const isRight = isSame(expected, claim.response.toLowerCase());
    if (!isRight || kept === undefined || !isSameResource(claim.uri, request.uri)) return 'wrong';
    if (age > nonceLifeMs) return 'stale';
    return this.#useCount(claim.nonce, parseInt(claim.nc, 16)) ? 'ok' : 'stale';
  }

  #useCount(nonce: string, count: number): boolean {
    const last = this.#lastCount.get(nonce) ?? 0;
    if (count <= last) return false;
    const oldest = this.#lastCount.keys().next();
    if (this.#lastCount.size >= maxNonces && !oldest.done) {
      this.#lastCount.delete(oldest.value);
      this.#forgottenUntil = Math.max(this.#forgottenUntil, stampOf(oldest.value));
    }
    this.#lastCount.delete(nonce);
    this.#lastCount.set(nonce, count);
    return true;
  }

  /** Milliseconds; undefined for a nonce that we did not make, or whose count we forgot. */
  #ageOf(nonce: string): number | undefined {
    const [stamp = '', salt = '', signature = ''] = nonce.split('.', 4);
    if (!isSame(this.#sign(`${stamp}.${salt}`), signature)) return undefined;
    if (!this.#lastCount.has(nonce) && stampOf(nonce) <= this.#forgottenUntil) return undefined;
    return this.#now() - stampOf(nonce);
  }

  #sign(text: string): string {
    return createHmac('sha256', this.#secret).update(text).digest('hex').slice(0, 24);
  }
}

function stampOf(nonce: string): number {
  return parseInt(nonce.slice(0, nonce.indexOf('.')), 36);
}

function wholeClaim(params: ReadonlyMap<string, string>): DigestClaim | undefined {
  const algorithm = algorithmOf(params.get('algorithm'));
  const nc = params.get('nc') ?? '';
  const [username, nonce, uri] = [params.get('username'), params.get('nonce'), params.get('uri')];
  const [cnonce, response] = [params.get('cnonce'), params.get('response')];
  if (algorithm === undefined || params.get('qop')?.toLowerCase() !== 'auth') return undefined;
  if (!/^[0-9a-f]{8}$/i.test(nc) || username === undefined || nonce === undefined) return undefined;
  if (uri === undefined || cnonce === undefined || response === undefined) return undefined;
  return { username, algorithm, nonce, uri, nc, cnonce, response };
}

/** RFC 3261 section 22.4: the `uri` of a digest names what the request asks for; parameters may differ. */
function isSameResource(claimed: string, asked: string): boolean {
  if (claimed === asked) return true;
  try {
    const [one, other] = [parseUri(claimed), parseUri(asked)];
    return (
      one.scheme === other.scheme &&
      one.user === other.user &&
      one.host.toLowerCase() === other.host.toLowerCase() &&
      (one.port ?? 5060) === (other.port ?? 5060)
    );
  } catch (error) {
    if (error instanceof SipSyntaxError) return false;
    throw error;
  }
}

function isSame(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
