import { headerOf, headersOf, type Header } from '../message/message.ts';

/** How long a call stands without a word from the far end, and who has to say it (RFC 4028). */
export interface TimerTerms {
  seconds: number;
  /** We send the refreshes. */
  isOurs: boolean;
}

/** The least that RFC 4028 allows. */
export const minSessionSec = 90;
const maxSessionSec = 86_400;

type Headers = readonly Header[];

function sessionExpires(
  headers: Headers,
): { seconds: number; refresher: 'uac' | 'uas' | undefined } | undefined {
  const [value = '', ...params] = (headerOf(headers, 'session-expires') ?? '').split(';');
  if (!/^\s*\d{1,9}\s*$/.test(value)) return undefined;
  const refresher = params
    .map((one) => /^\s*refresher\s*=\s*(uac|uas)\s*$/i.exec(one)?.[1]?.toLowerCase())
    .find((one) => one !== undefined) as 'uac' | 'uas' | undefined;
  return { seconds: Math.min(Number(value), maxSessionSec), refresher };
}

function names(headers: Headers, header: string): string[] {
  return headersOf(headers, header)
    .flatMap((value) => value.split(','))
    .map((one) => one.trim().toLowerCase());
}

/** Whoever sent it knows session timers and wants less than we allow: 422 with Min-SE. */
export function isTooShort(headers: Headers): boolean {
  const wanted = sessionExpires(headers);
  return (
    wanted !== undefined &&
    wanted.seconds < minSessionSec &&
    names(headers, 'supported').includes('timer')
  );
}

/** What we answer to a request with Session-Expires (section 9, table 2). */
export function answerTimer(request: Headers): { terms?: TimerTerms; headers: Header[] } {
  const wanted = sessionExpires(request);
  if (wanted === undefined) return { headers: [] };
  const knows = names(request, 'supported').includes('timer');
  // A proxy may have put it in for a phone that knows nothing of it.
  const isOurs = !knows || wanted.refresher === 'uas';
  const seconds = Math.max(wanted.seconds, minSessionSec);
  return {
    terms: { seconds, isOurs },
    headers: [
      ['session-expires', `${seconds};refresher=${isOurs ? 'uas' : 'uac'}`],
      ...(knows ? [['require', 'timer'] as const] : []),
    ],
  };
}

/** What the 2xx to a request of ours says; undefined when the call may stand for ever. */
export function termsOfResponse(response: Headers): TimerTerms | undefined {
  const agreed = sessionExpires(response);
  if (agreed === undefined) return undefined;
  const seconds = Math.max(agreed.seconds, minSessionSec);
  return { seconds, isOurs: agreed.refresher !== 'uas' };
}

/** The Min-SE of a 422. */
export function leastOf(response: Headers): number {
  const least = /^\s*(\d{1,9})/.exec(headerOf(response, 'min-se') ?? '')?.[1];
  return Math.min(maxSessionSec, Math.max(minSessionSec, Number(least ?? 0)));
}

/** Every request of ours that may refresh says how long and by whom. */
export function timerHeaders(terms: TimerTerms | undefined): Header[] {
  if (terms === undefined) return [['supported', 'timer']];
  return [
    ['supported', 'timer'],
    ['session-expires', `${terms.seconds};refresher=${terms.isOurs ? 'uac' : 'uas'}`],
  ];
}

/** So long before the end who does not refresh gives the call up (section 10). */
export function expiresAfterSec(seconds: number): number {
  return seconds - Math.min(32, seconds / 3);
}

/** Refreshes the session, or gives it up when nobody has. */
export class SessionTimer {
  readonly #refresh: () => Promise<void>;
  readonly #expire: () => void;
  readonly #secondMs: number;
  #terms: TimerTerms | undefined;
  #refreshing: NodeJS.Timeout | undefined;
  #expiring: NodeJS.Timeout | undefined;

  constructor(options: { refresh: () => Promise<void>; expire: () => void; secondMs?: number }) {
    this.#refresh = options.refresh;
    this.#expire = options.expire;
    this.#secondMs = options.secondMs ?? 1000;
  }

  get terms(): TimerTerms | undefined {
    return this.#terms;
  }

  /** A refresh has gone through, in either direction: the time begins anew. */
  restart(terms: TimerTerms | undefined): void {
    this.stop();
    this.#terms = terms;
    if (terms === undefined) return;
    const { seconds, isOurs } = terms;
    this.#expiring = setTimeout(this.#expire, expiresAfterSec(seconds) * this.#secondMs);
    if (isOurs) this.#refreshAfter(seconds / 2);
  }

  stop(): void {
    this.#terms = undefined;
    clearTimeout(this.#refreshing);
    clearTimeout(this.#expiring);
  }

  /** One that fails is tried again until the session expires. */
  #refreshAfter(seconds: number): void {
    const terms = this.#terms;
    clearTimeout(this.#refreshing);
    this.#refreshing = setTimeout(() => {
      this.#refresh().catch(() => {
        // The refresh has logged its answer.
        if (this.#terms === terms && terms !== undefined) this.#refreshAfter(terms.seconds / 20);
      });
    }, seconds * this.#secondMs);
  }
}
