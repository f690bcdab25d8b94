import type { MediaSession } from '../rtp/index.ts';
import type { Headers } from './events.ts';
import { timerMs } from './waiting.ts';

/** Longest run of keys kept for a leg that does not read them; the oldest go first. */
const maxKept = 64;
/** Events count durations in samples of 8 kHz. */
const samplesPerMs = 8;
/** How long a key is that is passed to the partner. */
const handedOnMs = 100;

interface Key {
  digit: string;
  durationMs: number;
  source: string;
}

/** What keys need of their leg. */
export interface KeyedLeg {
  readonly isGone: boolean;
  readonly isParked: boolean;
  /** The leg that this one talks to now. */
  readonly other: { readonly media: Pick<MediaSession, 'sendDtmf'> | undefined } | undefined;
  publish(name: string, extra?: Headers): void;
}

/** Keys that were pressed and that nothing has read yet. */
export class Keys {
  readonly #leg: KeyedLeg;
  readonly #isBusy: () => boolean;
  readonly #kept: Key[] = [];
  readonly #waiters = new Set<() => void>();

  /** `isBusy` while something runs that may read them. */
  constructor(leg: KeyedLeg, isBusy: () => boolean) {
    this.#leg = leg;
    this.#isBusy = isBusy;
  }

  /** A key from the far end, or one that a controller puts in its place. */
  receive(digit: string, durationMs: number, source: string): void {
    if (this.#leg.isGone) return;
    if (this.#kept.length >= maxKept) this.#kept.shift();
    this.#kept.push({ digit, durationMs, source });
    for (const waiter of [...this.#waiters]) waiter();
    this.handOn();
  }

  /** Takes the oldest key, and tells of it. */
  take(): string | undefined {
    const next = this.#kept.shift();
    if (next === undefined) return undefined;
    this.#leg.publish('DTMF', [
      ['DTMF-Digit', next.digit],
      ['DTMF-Duration', String(next.durationMs * samplesPerMs)],
      ['DTMF-Source', next.source],
    ]);
    return next.digit;
  }

  /** A parked leg that runs nothing tells of its keys, and forgets them; a bridged one hands them on. */
  handOn(): void {
    if (this.#isBusy()) return;
    const other = this.#leg.other?.media;
    if (!this.#leg.isParked && other === undefined) return;
    for (let digit = this.take(); digit !== undefined; digit = this.take()) {
      other?.sendDtmf(digit, handedOnMs);
    }
  }

  clear(): void {
    this.#kept.length = 0;
  }

  get isEmpty(): boolean {
    return this.#kept.length === 0;
  }

  /** Resolves when a key is there, the signal fires, or the time is over. */
  wait(signal: AbortSignal, timeoutMs?: number): Promise<void> {
    if (!this.isEmpty || signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const done = () => {
        this.#waiters.delete(done);
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        resolve();
      };
      const timer = timeoutMs === undefined ? undefined : setTimeout(done, timerMs(timeoutMs));
      this.#waiters.add(done);
      signal.addEventListener('abort', done, { once: true });
    });
  }
}
