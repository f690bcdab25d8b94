import { sourceOf } from '../../../core/addresses.ts';

/** So many sources are remembered; the one that was quiet longest is forgotten first. */
const maxSources = 20_000;

/** Tokens for each source: `perSecond` come in, at most `burst` are kept. Forgets sources that are quiet. */
export class TokenBuckets {
  readonly #perMs: number;
  readonly #burst: number;
  readonly #levels = new Map<string, { level: number; at: number }>();

  constructor({ perSecond, burst }: { perSecond: number; burst: number }) {
    this.#perMs = perSecond / 1000;
    this.#burst = burst;
  }

  /** Takes one; false when the source has had its share. */
  take(source: string, now = Date.now()): boolean {
    const bucket = this.#filled(source, now);
    if (bucket.level < 1) return false;
    bucket.level -= 1;
    return true;
  }

  /**
   * Takes one that may only come later; how long to wait for it in milliseconds, undefined when that is more
   * than `maxWaitMs`, and none is taken.
   */
  reserve(source: string, maxWaitMs: number, now = Date.now()): number | undefined {
    const bucket = this.#filled(source, now);
    const waitMs = Math.max(0, (1 - bucket.level) / this.#perMs);
    if (waitMs > maxWaitMs) return undefined;
    bucket.level -= 1;
    return waitMs;
  }

  /** Puts one back. */
  refund(source: string, now = Date.now()): void {
    const bucket = this.#filled(source, now);
    bucket.level = Math.min(this.#burst, bucket.level + 1);
  }

  #filled(source: string, now: number): { level: number; at: number } {
    const known = this.#levels.get(source);
    if (known !== undefined) {
      known.level = Math.min(this.#burst, known.level + Math.max(0, now - known.at) * this.#perMs);
      known.at = now;
      this.#levels.delete(source);
      this.#levels.set(source, known);
      return known;
    }
    const quietest = this.#levels.keys().next();
    if (this.#levels.size >= maxSources && !quietest.done) this.#levels.delete(quietest.value);
    const fresh = { level: this.#burst, at: now };
    this.#levels.set(source, fresh);
    return fresh;
  }
}

/** Messages from each source; whoever is known has a second share. */
export class MessageRate {
  readonly #anybody: TokenBuckets;
  readonly #known: TokenBuckets;

  constructor(limits: { messagesPerSecond: number; trunkMessagesPerSecond: number }) {
    const { messagesPerSecond, trunkMessagesPerSecond } = limits;
    this.#anybody = ofTwoSeconds(messagesPerSecond);
    this.#known = ofTwoSeconds(trunkMessagesPerSecond);
  }

  /** `isKnown` is only asked once the first share is used up. */
  take(source: string, isKnown: () => boolean): boolean {
    return this.#anybody.take(source) || (isKnown() && this.#known.take(source));
  }
}

function ofTwoSeconds(perSecond: number): TokenBuckets {
  return new TokenBuckets({ perSecond, burst: 2 * perSecond });
}

/** How many things of each source there are now. */
export class SourceCounts<Thing> {
  readonly #sources = new Map<Thing, string>();
  readonly #counts = new Map<string, number>();

  add(thing: Thing, source: string): void {
    this.delete(thing);
    this.#sources.set(thing, source);
    this.#counts.set(source, this.of(source) + 1);
  }

  delete(thing: Thing): void {
    const source = this.#sources.get(thing);
    if (source === undefined) return;
    this.#sources.delete(thing);
    if (this.of(source) > 1) this.#counts.set(source, this.of(source) - 1);
    else this.#counts.delete(source);
  }

  of(source: string): number {
    return this.#counts.get(source) ?? 0;
  }
}

/** Of whoever is at the other end: behind a trusted proxy the browser, not the proxy. */
export function sourceOfFlow({ client, address }: SourcedFlow): string {
  return sourceOf(client ?? address.host);
}

interface SourcedFlow {
  client?: string;
  address: { host: string };
}
