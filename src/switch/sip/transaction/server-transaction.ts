import { parseParams } from '../message/headers.ts';
import {
  headerOf,
  headersOf,
  serialize,
  type Header,
  type SipRequest,
} from '../message/message.ts';
import { Retransmitter, t4Ms, transactionMs } from './timers.ts';
import type { Flow } from '../transport/transport.types.ts';

export interface ResponseOptions {
  reason?: string;
  headers?: readonly Header[];
  body?: string;
  /** To tag; required of every response but 100. */
  tag?: string;
}

/**
 * One request that we answer (RFC 3261 section 17.2, with RFC 6026's accepted state): absorbs
 * retransmissions by sending the last response again, and repeats refusals of an INVITE until ACK.
 */
export class ServerTransaction {
  readonly request: SipRequest;
  /** Where it came from: requests of its dialog go back there. */
  readonly flow: Flow;
  /** Where its responses go. */
  readonly #reply: () => Flow;
  readonly #onEnd: () => void;
  #last: Buffer | undefined;
  #finalStatus = 0;
  #repeater: Retransmitter | undefined;
  #endTimer: NodeJS.Timeout | undefined;

  constructor(request: SipRequest, flow: Flow, reply: () => Flow, onEnd: () => void) {
    this.request = request;
    this.flow = flow;
    this.#reply = reply;
    this.#onEnd = onEnd;
  }

  get isFinal(): boolean {
    return this.#finalStatus !== 0;
  }

  /** It was answered with a challenge: the same may come again with a password. */
  get isChallenged(): boolean {
    return this.#finalStatus === 401 || this.#finalStatus === 407;
  }

  respond(status: number, options: ResponseOptions = {}): void {
    if (this.isFinal) return;
    this.#last = serialize(responseTo(this.request, status, options));
    this.#reply().send(this.#last);
    if (status < 200) return;
    this.#finalStatus = status;
    if (this.request.method === 'INVITE' && status >= 300) this.#awaitAck();
    // 2xx to INVITE are repeated by the session, which alone knows the ACK.
    else {
      this.#endAfter(this.flow.isReliable && this.request.method !== 'INVITE' ? 0 : transactionMs);
    }
  }

  /** The same request again. */
  onRepeat(): void {
    if (this.#last !== undefined) this.#reply().send(this.#last);
  }

  /** ACK to a refusal: nothing more is to be said (timer I). False when it is not ours to take. */
  onAck(): boolean {
    if (this.#finalStatus < 300) return false;
    this.#repeater?.stop();
    this.#endAfter(this.flow.isReliable ? 0 : t4Ms);
    return true;
  }

  close(): void {
    this.#repeater?.stop();
    clearTimeout(this.#endTimer);
  }

  #awaitAck(): void {
    const last = this.#last;
    if (!this.flow.isReliable && last !== undefined) {
      this.#repeater = new Retransmitter(() => this.#reply().send(last));
    }
    this.#endAfter(transactionMs);
  }

  #endAfter(waitMs: number): void {
    clearTimeout(this.#endTimer);
    this.#endTimer = setTimeout(() => {
      this.close();
      this.#onEnd();
    }, waitMs);
  }
}

const defaultReasons: Readonly<Record<number, string>> = {
  100: 'Trying',
  180: 'Ringing',
  183: 'Session Progress',
  200: 'OK',
  202: 'Accepted',
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  407: 'Proxy Authentication Required',
  406: 'Not Acceptable',
  408: 'Request Timeout',
  413: 'Request Entity Too Large',
  415: 'Unsupported Media Type',
  416: 'Unsupported URI Scheme',
  420: 'Bad Extension',
  422: 'Session Interval Too Small',
  423: 'Interval Too Brief',
  480: 'Temporarily Unavailable',
  481: 'Call/Transaction Does Not Exist',
  482: 'Loop Detected',
  483: 'Too Many Hops',
  486: 'Busy Here',
  487: 'Request Terminated',
  488: 'Not Acceptable Here',
  491: 'Request Pending',
  500: 'Server Internal Error',
  501: 'Not Implemented',
  503: 'Service Unavailable',
  504: 'Server Time-out',
  505: 'Version Not Supported',
  513: 'Message Too Large',
  603: 'Decline',
};

export function reasonOf(status: number): string {
  return defaultReasons[status] ?? 'Unknown';
}

/** Whether a To header has a tag, outside its angle brackets. */
function isTagged(to: string): boolean {
  const close = to.lastIndexOf('>');
  return parseParams(to.slice(Math.max(close, to.indexOf(';', close + 1)))).has('tag');
}

/** Section 8.2.6: Via, From, To, Call-ID and CSeq are copied, Record-Route too where a dialog begins. */
export function responseTo(request: SipRequest, status: number, options: ResponseOptions = {}) {
  const hasTag = isTagged(headerOf(request.headers, 'to') ?? '');
  const copied: Header[] = headersOf(request.headers, 'via').map((value) => ['via', value]);
  if (status > 100 && status < 300) {
    copied.push(
      ...headersOf(request.headers, 'record-route').map((v): Header => ['record-route', v]),
    );
  }
  return {
    kind: 'response' as const,
    status,
    reason: options.reason ?? reasonOf(status),
    headers: [
      ...copied,
      ...['from', 'to', 'call-id', 'cseq'].flatMap((name): Header[] => {
        const value = headerOf(request.headers, name);
        if (value === undefined) return [];
        const isUntagged = name === 'to' && !hasTag && options.tag !== undefined;
        return [[name, isUntagged ? `${value};tag=${options.tag}` : value]];
      }),
      ...(options.headers ?? []),
    ],
    body: options.body ?? '',
  };
}
