import { setTimeout as delay } from 'node:timers/promises';
import { messageOf } from '../../../core/errors.ts';
import type { Log } from '../../../core/log.ts';
import type { Header, SipResponse } from '../message/message.ts';

/** Offers that cross are tried again so often. */
const maxGlares = 3;
const stableLimitMs = 10_000;
const stableCheckMs = 20;

/** A final response that refuses what the far end asked. */
export interface Refused {
  status: number;
  headers: Header[];
}

export interface OfferWays {
  /** Sends a re-INVITE with that description. */
  invite: (sdp: string) => Promise<SipResponse>;
  /** Our answer to their offer; throws to refuse it. */
  answer: (sdp: string) => string | Promise<string>;
  /** An offer of our own, made anew. */
  offer: () => string | Promise<string>;
  /** We began the call, and so own its Call-ID. */
  isCaller: () => boolean;
  log: Log;
}

/** Descriptions in mid-call: one offer at a time, in either direction (RFC 3264 section 4). */
export class OfferExchange {
  /** What the far end sent last. */
  remoteSdp: string | undefined;
  /** Our 2xx held an offer: the answer is in its ACK. */
  awaitsAnswer = false;
  readonly #ways: OfferWays;
  #isOffering = false;
  #isAnswering = false;

  constructor(ways: OfferWays) {
    this.#ways = ways;
  }

  /** Offers until no offer of theirs is in the way; resolves with their answer, rejects on refusal. */
  async reoffer(sdp: string): Promise<string> {
    for (let tried = 0; ; tried += 1) {
      const response = await this.offer(sdp);
      if (response.status < 300) {
        this.remoteSdp = response.body;
        return response.body;
      }
      if (response.status !== 491 || tried >= maxGlares) {
        throw new Error(`the offer was refused: ${response.status}`);
      }
      await delay(this.#glareMs());
    }
  }

  /** Offers once, as soon as nothing else is under way. */
  async offer(sdp: string): Promise<SipResponse> {
    await this.#untilStable();
    this.#isOffering = true;
    try {
      return await this.#ways.invite(sdp);
    } finally {
      this.#isOffering = false;
    }
  }

  /** Why an offer of theirs cannot be answered now (RFC 3261 section 14.2). */
  refusal({ isUp }: { isUp: boolean }): Refused | undefined {
    // Ours is on its way, and theirs before it is not answered yet.
    if (this.#isOffering) return { status: 491, headers: [] };
    if (!this.#isAnswering && !this.awaitsAnswer && isUp) return undefined;
    return { status: 500, headers: [['retry-after', String(1 + Math.floor(Math.random() * 10))]] };
  }

  /** Our answer to their offer, or where they made none an offer of our own. */
  async describe(offer: string): Promise<string | Refused> {
    this.#isAnswering = true;
    try {
      const sdp = offer === '' ? await this.#ways.offer() : await this.#ways.answer(offer);
      if (offer !== '') this.remoteSdp = offer;
      return sdp;
    } catch (error) {
      const reason = messageOf(error);
      this.#ways.log.info({ reason }, 're-INVITE offer refused');
      const status = (error as { status?: unknown } | undefined)?.status === 400 ? 400 : 488;
      return { status, headers: [['warning', `399 lingting "${reason.replace(/["\\]/g, "'")}"`]] };
    } finally {
      this.#isAnswering = false;
    }
  }

  /** Section 14.1: who owns the Call-ID waits longer, so that the two do not meet again. */
  #glareMs(): number {
    return this.#ways.isCaller() ? 2100 + Math.random() * 1900 : Math.random() * 2000;
  }

  async #untilStable(): Promise<void> {
    for (let waitedMs = 0; this.#isOffering || this.#isAnswering; waitedMs += stableCheckMs) {
      if (waitedMs > stableLimitMs) throw new Error('an offer is already on its way');
      await delay(stableCheckMs);
    }
  }
}
