/** Counts what a source does within a window, so that floods and password guessing stay cheap for us. */
export class RateGuard {
  readonly #limit: number;
  readonly #windowMs: number;
  readonly #counts = new Map<string, { count: number; since: number }>();
  readonly #maxSources = 20_000;

  constructor({ limit, windowMs }: { limit: number; windowMs: number }) {
    this.#limit = limit;
    this.#windowMs = windowMs;
  }

  /** Counts one; false when the source has had its share. */
  take(source: string, now = Date.now()): boolean {
    const entry = this.#fresh(source, now);
    entry.count += 1;
    return entry.count <= this.#limit;
  }

  isOver(source: string, now = Date.now()): boolean {
    return this.#fresh(source, now).count >= this.#limit;
  }

  #fresh(source: string, now: number): { count: number; since: number } {
    const known = this.#counts.get(source);
    if (known !== undefined && now - known.since < this.#windowMs) return known;
    if (this.#counts.size >= this.#maxSources) this.#counts.clear();
    const entry = { count: 0, since: now };
    this.#counts.set(source, entry);
    return entry;
  }
}
