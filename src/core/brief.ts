/** Long enough to spare a look-up for each of many calls, short enough that nobody notices. */
const briefMs = 1000;

/** Remembers what was looked up for a second; a failure is not remembered. */
export class Brief<T> {
  readonly #lookUp: (key: string) => Promise<T>;
  readonly #known = new Map<string, { value: Promise<T>; until: number }>();

  constructor(lookUp: (key: string) => Promise<T>) {
    this.#lookUp = lookUp;
  }

  get(key: string): Promise<T> {
    const now = performance.now();
    const known = this.#known.get(key);
    if (known !== undefined && known.until > now) return known.value;
    for (const [old, { until }] of this.#known) if (until <= now) this.#known.delete(old);
    const value = this.#lookUp(key);
    this.#known.set(key, { value, until: now + briefMs });
    value.catch(() => this.#known.delete(key));
    return value;
  }
}
