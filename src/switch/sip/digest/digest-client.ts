import { createHash, randomBytes } from 'node:crypto';
import { headersOf, splitOutside, type Header, type SipResponse } from '../message/message.ts';

/** The client's side of digest (RFC 3261 section 22, RFC 7616, RFC 8760). */
export interface Credentials {
  username: string;
  password: string;
}

/** A digest that we can answer. */
interface Challenge {
  answerIn: 'authorization' | 'proxy-authorization';
  realm: string;
  nonce: string;
  algorithm: Algorithm;
  isSession: boolean;
  qop: 'auth' | 'auth-int' | undefined;
  opaque: string | undefined;
  isStale: boolean;
  /** How often the nonce was used. */
  count: number;
}

type Algorithm = 'MD5' | 'SHA-256' | 'SHA-512-256';

const hashes: Readonly<Record<Algorithm, string>> = {
  MD5: 'md5',
  'SHA-256': 'sha256',
  'SHA-512-256': 'sha512-256',
};

/** A response may hold so many challenges. */
const maxChallenges = 8;

/**
 * Answers the challenges that one far end has sent, in every request from then on. Of several for one
 * realm the topmost that we can do is taken (RFC 8760 section 2.4).
 */
export class DigestClient {
  readonly #credentials: Credentials;
  readonly #challenges = new Map<string, Challenge>();

  constructor(credentials: Credentials) {
    this.#credentials = credentials;
  }

  /**
   * Takes the challenges of a 401 or 407. False when none can be answered, or when the request that was
   * refused had answered them already: the password is wrong then.
   */
  take(response: SipResponse, { hasAnswered }: { hasAnswered: boolean }): boolean {
    const found = challengesOf(response);
    let isNew = false;
    for (const challenge of found) {
      const key = `${challenge.answerIn} ${challenge.realm}`;
      const before = this.#challenges.get(key);
      // A fresh nonce for the same realm, when the last one was answered in vain.
      if (before !== undefined && hasAnswered && !challenge.isStale) continue;
      this.#challenges.set(key, challenge);
      isNew = true;
    }
    return isNew;
  }

  get hasChallenges(): boolean {
    return this.#challenges.size > 0;
  }

  /** The headers that answer every challenge so far, for one request. */
  headersFor(request: { method: string; uri: string; body: string }): Header[] {
    return [...this.#challenges.values()].map((challenge): Header => {
      challenge.count += 1;
      return [challenge.answerIn, answerTo(challenge, this.#credentials, request)];
    });
  }
}

/** What can be answered in a 401 or 407, the topmost of each realm. */
function challengesOf(response: SipResponse): Challenge[] {
  const found = new Map<string, Challenge>();
  for (const [name, answerIn] of [
    ['www-authenticate', 'authorization'],
    ['proxy-authenticate', 'proxy-authorization'],
  ] as const) {
    const all = headersOf(response.headers, name).flatMap(splitChallenges);
    for (const text of all.slice(0, maxChallenges)) {
      const challenge = parseChallenge(text, answerIn);
      const key = `${answerIn} ${challenge?.realm}`;
      if (challenge !== undefined && !found.has(key)) found.set(key, challenge);
    }
  }
  return [...found.values()];
}

/** `Digest a="b", c=d, Digest a="e"`: several may stand in one header. */
function splitChallenges(value: string): string[] {
  const all: string[] = [];
  for (const part of splitOutside(value, ',')) {
    const text = part.trim();
    if (/^[A-Za-z][\w-]*[ \t]+[\w-]+[ \t]*=/.test(text)) all.push(text);
    else if (all.length > 0) all.push(`${all.pop() ?? ''},${text}`);
  }
  return all;
}

function parseChallenge(text: string, answerIn: Challenge['answerIn']): Challenge | undefined {
  if (!/^digest[ \t]/i.test(text)) return undefined;
  const params = paramsOf(text.slice(7));
  const [realm, nonce] = [params.get('realm'), params.get('nonce')];
  const named = (params.get('algorithm') ?? 'MD5').toUpperCase();
  const isSession = named.endsWith('-SESS');
  const algorithm = isSession ? named.slice(0, -5) : named;
  if (realm === undefined || nonce === undefined || !isAlgorithm(algorithm)) return undefined;
  const offered = params
    .get('qop')
    ?.split(',')
    .map((one) => one.trim().toLowerCase());
  const qop = (['auth', 'auth-int'] as const).find((one) => offered?.includes(one));
  // Protection that we do not know.
  if (offered !== undefined && qop === undefined) return undefined;
  return {
    answerIn,
    realm,
    nonce,
    algorithm,
    isSession,
    qop,
    opaque: params.get('opaque'),
    isStale: params.get('stale')?.toLowerCase() === 'true',
    count: 0,
  };
}

/** Quoted values as they were written: what is sent back must not differ in an escape. */
function paramsOf(text: string): Map<string, string> {
  return new Map(
    splitOutside(text, ',').flatMap((part): [string, string][] => {
      const equals = part.indexOf('=');
      if (equals < 0) return [];
      const value = part.slice(equals + 1).trim();
      const isQuoted = value.length > 1 && value.startsWith('"') && value.endsWith('"');
      return [[part.slice(0, equals).trim().toLowerCase(), isQuoted ? value.slice(1, -1) : value]];
    }),
  );
}

function isAlgorithm(text: string): text is Algorithm {
  return Object.hasOwn(hashes, text);
}

function answerTo(
  challenge: Challenge,
  { username, password }: Credentials,
  { method, uri, body }: { method: string; uri: string; body: string },
): string {
  const { realm, nonce, algorithm, isSession, qop, opaque, count } = challenge;
  const hash = (text: string) => createHash(hashes[algorithm]).update(text).digest('hex');
  const nc = count.toString(16).padStart(8, '0');
  const cnonce = randomBytes(8).toString('hex');
  const base = hash(`${username}:${realm}:${password}`);
  const ha1 = isSession ? hash(`${base}:${nonce}:${cnonce}`) : base;
  const ha2 = hash(qop === 'auth-int' ? `${method}:${uri}:${hash(body)}` : `${method}:${uri}`);
  const response =
    qop === undefined
      ? hash(`${ha1}:${nonce}:${ha2}`)
      : hash(`${ha1}:${nonce}:${nc}:${cnonce}:${qop}:${ha2}`);
  const fields = [
    `username="${username.replace(/["\\]/g, '\\$&')}"`,
    `realm="${realm}"`,
    `nonce="${nonce}"`,
    `uri="${uri}"`,
    `response="${response}"`,
    `algorithm=${algorithm}${isSession ? '-sess' : ''}`,
  ];
  if (opaque !== undefined) fields.push(`opaque="${opaque}"`);
  if (qop !== undefined) fields.push(`qop=${qop}`, `nc=${nc}`);
  if (qop !== undefined || isSession) fields.push(`cnonce="${cnonce}"`);
  return `Digest ${fields.join(', ')}`;
}
