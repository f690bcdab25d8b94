import type { Header, SipRequest, SipResponse } from '../message/message.ts';
import {
  answerTimer,
  leastOf,
  SessionTimer,
  termsOfResponse,
  timerHeaders,
} from './session-timer.ts';

export interface RefreshWays {
  /** UPDATE without a description; undefined where the far end does not know it. */
  update: () => Promise<SipResponse | undefined>;
  /** A new offer. */
  offer: () => Promise<SipResponse>;
  /** Nobody has refreshed the session in time. */
  expire: () => void;
}

/** A call that stands as long as both ends say so now and then (RFC 4028). */
export class SessionRefresh {
  readonly #ways: RefreshWays;
  readonly #timer: SessionTimer;

  /** `secondMs` is shorter than a second in tests. */
  constructor(ways: RefreshWays, secondMs: number | undefined) {
    this.#ways = ways;
    this.#timer = new SessionTimer({
      refresh: () => this.#refresh(),
      expire: () => ways.expire(),
      ...(secondMs === undefined ? {} : { secondMs }),
    });
  }

  /** For every request of ours that may refresh. */
  get headers(): Header[] {
    return timerHeaders(this.#timer.terms);
  }

  /** What goes back to a request with Session-Expires, which begins the time anew. */
  answer(request: SipRequest): Header[] {
    const { terms, headers } = answerTimer(request.headers);
    this.#timer.restart(terms);
    return headers;
  }

  /** A 2xx to a request of ours; it may agree on a time that we did not ask for. */
  onAccepted(response: SipResponse): void {
    this.#timer.restart(termsOfResponse(response.headers));
  }

  stop(): void {
    this.#timer.stop();
  }

  async #refresh(): Promise<void> {
    const { terms } = this.#timer;
    if (terms === undefined) return;
    const first = await this.#send();
    // The call has ended meanwhile, or the time has begun anew.
    if (this.#timer.terms !== terms) return;
    const isTooSmall = first.status === 422;
    if (isTooSmall) {
      const seconds = Math.max(terms.seconds, leastOf(first.headers));
      this.#timer.restart({ ...terms, seconds });
    }
    const response = isTooSmall ? await this.#send() : first;
    if (response.status >= 300) throw new Error(`the refresh was refused: ${response.status}`);
  }

  /** UPDATE where the far end knows it, a new offer elsewhere (section 7.4). */
  async #send(): Promise<SipResponse> {
    return (await this.#ways.update()) ?? this.#ways.offer();
  }
}
