/** Long enough to spare a look-up for each of many calls, short enough that nobody notices. */
const keptMs = 1000;
const maxKeys = 1000;

interface Known<T> {
  value: Promise<T>;
  until: number;
  /** What the last look-up that succeeded found. */
  proven: { value: T } | undefined;
}

/**
 * Remembers what was looked up for a second. While looking up fails, what was found before is still
 * good: a caller is better served by the menu of a minute ago than by none.
 */
export class ShortCache<T> {
  readonly #lookUp: (key: string) => Promise<T>;
  readonly #known = new Map<string, Known<T>>();

  constructor(lookUp: (key: string) => Promise<T>) {
    this.#lookUp = lookUp;
  }

  /** Rejects as the look-up does when nothing was ever found under that key. */
  get(key: string): Promise<T> {
    const now = performance.now();
    const before = this.#known.get(key);
    if (before !== undefined && before.until > now) return before.value;
    const known: Known<T> = {
      value: this.#lookUp(key).then(
        (value) => {
          known.proven = { value };
          return value;
        },
        (error: unknown) => {
          known.until = 0;
          if (known.proven === undefined) throw error;
          return known.proven.value;
        },
      ),
      until: now + keptMs,
      proven: before?.proven,
    };
    this.#known.delete(key);
    this.#known.set(key, known);
    if (this.#known.size > maxKeys) this.#forgetOldest();
    return known.value;
  }

  #forgetOldest(): void {
    for (const key of this.#known.keys()) {
      this.#known.delete(key);
      return;
    }
  }
}
