import { randomInt } from 'node:crypto';
import { parseCSeq } from '../message/headers.ts';
import { headerOf, type Header, type SipRequest } from '../message/message.ts';
import { Retransmitter, transactionMs } from '../transaction/timers.ts';

/** A provisional response as the far end gets it. */
export interface Provisional {
  status: number;
  headers: readonly Header[];
  body: string;
}

export interface ReliableWays {
  send: (response: Provisional) => void;
  /** The last one again. */
  repeat: () => void;
  /** Nobody acknowledged one for so long that the call cannot stand (RFC 3262 section 3). */
  onTimeout: () => void;
}

/** What PRACK acknowledges: the response's number, and number and method of the request that it answers. */
export function parseRack(
  value: string,
): { response: number; request: number; method: string } | undefined {
  const match = /^(\d{1,10})[ \t]+(\d{1,10})[ \t]+(\S{1,32})$/.exec(value.trim());
  if (match === null) return undefined;
  return { response: Number(match[1]), request: Number(match[2]), method: match[3] ?? '' };
}

/**
 * Provisional responses that the far end acknowledges by PRACK (RFC 3262): one after the other, each repeated until
 * its PRACK. What waits behind one that is not acknowledged is dropped when the final response comes.
 */
export class ReliableResponses {
  readonly #ways: ReliableWays;
  readonly #invite: number;
  readonly #waiting: Provisional[] = [];
  #next = randomInt(1, 2 ** 31 - 1);
  #open: { number: number; repeater: Retransmitter; timer: NodeJS.Timeout } | undefined;
  #afterwards: (() => void) | undefined;
  #isOver = false;
  /** One of them held a description, so that the final response holds none (RFC 6337 section 3.1.1). */
  hasDescribed = false;

  constructor(invite: SipRequest, ways: ReliableWays) {
    this.#invite = parseCSeq(headerOf(invite.headers, 'cseq')).number;
    this.#ways = ways;
  }

  send(response: Provisional): void {
    if (this.#isOver) return;
    if (this.#open !== undefined) {
      this.#waiting.push(response);
      return;
    }
    const number = this.#next;
    this.#next += 1;
    if (response.body !== '') this.hasDescribed = true;
    this.#ways.send({
      ...response,
      headers: [...response.headers, ['require', '100rel'], ['rseq', String(number)]],
    });
    const timer = setTimeout(() => {
      this.stop();
      this.#ways.onTimeout();
    }, transactionMs);
    this.#open = { number, repeater: new Retransmitter(() => this.#ways.repeat()), timer };
  }

  /** Whether that PRACK acknowledges what is open; anything else is 481 (section 3). */
  acknowledge(prack: SipRequest): boolean {
    const rack = parseRack(headerOf(prack.headers, 'rack') ?? '');
    const isOurs = rack?.method === 'INVITE' && rack.request === this.#invite;
    if (!isOurs || this.#open?.number !== rack.response) return false;
    this.#close();
    return true;
  }

  /** Goes on after a PRACK was answered. */
  proceed(): void {
    const after = this.#afterwards;
    if (after !== undefined) {
      this.stop();
      after();
      return;
    }
    const next = this.#waiting.shift();
    if (next !== undefined) this.send(next);
  }

  /** A 2xx waits until the last one was acknowledged; what waits to be sent is not needed any more. */
  whenAcknowledged(go: () => void): void {
    this.#waiting.length = 0;
    if (this.#open === undefined) {
      this.stop();
      go();
    } else this.#afterwards = go;
  }

  stop(): void {
    this.#isOver = true;
    this.#afterwards = undefined;
    this.#waiting.length = 0;
    this.#close();
  }

  #close(): void {
    this.#open?.repeater.stop();
    clearTimeout(this.#open?.timer);
    this.#open = undefined;
  }
}
