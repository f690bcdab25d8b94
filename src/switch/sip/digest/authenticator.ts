import { setTimeout as delay } from 'node:timers/promises';
import { messageOf } from '../../../core/errors.ts';
import type { Log } from '../../../core/log.ts';
import { DigestGuard, type DigestClaim } from './digest-guard.ts';
import type { DigestAlgorithm } from './digest-hash.ts';
import { sourceOfFlow, TokenBuckets } from '../transport/guards.ts';
import { newTag } from '../transaction/layer.ts';
import type { Refusals } from '../transport/limits.ts';
import { headersOf, type Header, type SipRequest } from '../message/message.ts';
import type { ServerTransaction } from '../transaction/server-transaction.ts';
import type { Directory, DirectoryUser } from '../user-agent.types.ts';

export interface AuthenticatorOptions {
  directory: Directory;
  realm: string;
  /** Wrong passwords for one user from one address that are checked at once. */
  wrongPasswords: number;
  refusals: Refusals;
  log: Log;
}

/** An answer that has to wait for its turn longer than this is not looked at. */
const longestTurnMs = 8000;
/** A wrong answer is told to be so after this time, however fast or slowly the user was looked up. */
const wrongAnswerMs = 300;
/** So many users of one address may be guessed at before all of its guesses wait. */
const usersPerSource = 5;

/**
 * Who proves to be a user, by digest. A wrong answer, an unknown user and one whose turn has not come are told the
 * same in the same time: a new challenge. Wrong passwords cost turns, right ones do not, so that a telephone with
 * the right one gets in while somebody behind the same address guesses; a guesser is slowed down to one a second.
 */
export class Authenticator {
  readonly #options: AuthenticatorOptions;
  readonly #digest: DigestGuard;
  readonly #byUser: TokenBuckets;
  readonly #bySource: TokenBuckets;

  constructor(options: AuthenticatorOptions) {
    const { realm, wrongPasswords } = options;
    this.#options = options;
    this.#digest = new DigestGuard(realm);
    this.#byUser = new TokenBuckets({ perSecond: 1, burst: wrongPasswords });
    this.#bySource = new TokenBuckets({
      perSecond: usersPerSource,
      burst: usersPerSource * wrongPasswords,
    });
  }

  /** The user, or undefined after the challenge was sent. */
  async authenticate(
    request: SipRequest,
    transaction: ServerTransaction,
    status: 401 | 407,
  ): Promise<DirectoryUser | undefined> {
    const claim = this.#digest.claimOf([
      ...headersOf(request.headers, 'proxy-authorization'),
      ...headersOf(request.headers, 'authorization'),
    ]);
    if (claim === undefined || claim === 'stale') {
      this.#challenge(transaction, status, { isStale: claim === 'stale' });
      return undefined;
    }
    const since = performance.now();
    const source = sourceOfFlow(transaction.flow);
    const turn = this.#takeTurn(source, claim.username);
    if (turn === undefined) {
      this.#options.refusals.count('login', source);
      await delay(wrongAnswerMs);
      this.#challenge(transaction, status, retryOf(claim));
      return undefined;
    }
    if (turn.waitMs > 0) await delay(turn.waitMs);
    const checked = await this.#check(claim, request);
    if (checked.verdict !== 'wrong') turn.giveBack();
    if (checked.verdict === 'ok') return checked.user;
    if (checked.verdict === 'unknown') {
      transaction.respond(503, { tag: newTag(), headers: [['retry-after', '5']] });
      return undefined;
    }
    if (checked.verdict === 'wrong') {
      const { username } = claim;
      this.#options.log.warn({ pii: { username }, from: source }, 'wrong SIP password');
      await delay(Math.max(0, wrongAnswerMs - (performance.now() - since - turn.waitMs)));
    }
    this.#challenge(
      transaction,
      status,
      checked.verdict === 'wrong' ? retryOf(claim) : { isStale: true },
    );
    return undefined;
  }

  #takeTurn(
    source: string,
    username: string,
  ): { waitMs: number; giveBack: () => void } | undefined {
    const ofUser = `${source} ${username}`;
    const waitMs = this.#byUser.reserve(ofUser, longestTurnMs);
    if (waitMs === undefined) return undefined;
    const alsoMs = this.#bySource.reserve(source, longestTurnMs);
    if (alsoMs === undefined) {
      this.#byUser.refund(ofUser);
      return undefined;
    }
    return {
      waitMs: Math.max(waitMs, alsoMs),
      giveBack: () => {
        this.#byUser.refund(ofUser);
        this.#bySource.refund(source);
      },
    };
  }

  /** A directory that cannot be asked is no "no": the phone shall try again. */
  async #check(claim: DigestClaim, request: SipRequest): Promise<Checked> {
    const { directory, log } = this.#options;
    let user: DirectoryUser | undefined;
    try {
      user = await directory.find(claim.username);
    } catch (error) {
      log.warn({ reason: messageOf(error) }, 'user directory unreachable');
      return { verdict: 'unknown' };
    }
    const verdict = this.#verdict(claim, request, user);
    if (verdict !== 'wrong') return { ...verdictOf(verdict), user };
    // The password may be a new one; asked whether the user is known or not, so that both take as long.
    const fresh = await directory.refresh(claim.username).catch((error: unknown) => {
      log.debug({ reason: messageOf(error) }, 'user directory still unreachable');
      return undefined;
    });
    return { ...verdictOf(this.#verdict(claim, request, fresh)), user: fresh };
  }

  #verdict(claim: DigestClaim, request: SipRequest, user: DirectoryUser | undefined) {
    return this.#digest.check(claim, { method: request.method, uri: request.uri }, user);
  }

  #challenge(
    transaction: ServerTransaction,
    status: 401 | 407,
    { isStale, algorithms }: { isStale: boolean; algorithms?: readonly DigestAlgorithm[] },
  ): void {
    const name = status === 407 ? 'proxy-authenticate' : 'www-authenticate';
    const headers = this.#digest
      .challenges(isStale, algorithms)
      .map((challenge): Header => [name, challenge]);
    transaction.respond(status, { tag: newTag(), headers });
  }
}

type Checked =
  | { verdict: 'ok'; user: DirectoryUser | undefined }
  | { verdict: 'wrong' | 'stale'; user: DirectoryUser | undefined }
  | { verdict: 'unknown' };

function verdictOf(verdict: 'ok' | 'wrong' | 'stale' | 'missing'): {
  verdict: 'ok' | 'wrong' | 'stale';
} {
  return { verdict: verdict === 'missing' ? 'stale' : verdict };
}

/**
 * Passwords that were given out before SHA-256 was offered are kept for MD5 alone. Who answered with SHA-256 in vain
 * is asked once more by MD5, whoever it is, so that nothing is told of the user.
 */
function retryOf({ algorithm }: DigestClaim): {
  isStale: boolean;
  algorithms?: readonly DigestAlgorithm[];
} {
  return algorithm === 'SHA-256' ? { isStale: true, algorithms: ['MD5'] } : { isStale: false };
}
