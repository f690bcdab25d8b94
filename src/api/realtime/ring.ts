/** The last changes with their numbers, so that a client who was away for a moment gets what it missed. */
export class Ring<T> {
  readonly #entries: { seq: number; item: T }[] = [];
  readonly #limit: number;
  #seq = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Number of the last entry; 0 before the first. */
  get seq(): number {
    return this.#seq;
  }

  add(item: T): number {
    this.#seq += 1;
    this.#entries[this.#seq % this.#limit] = { seq: this.#seq, item };
    return this.#seq;
  }

  /** Everything after that number; undefined when some of it is forgotten or it lies ahead. */
  after(seq: number): { seq: number; item: T }[] | undefined {
    if (!Number.isInteger(seq) || seq < 0 || seq > this.#seq || this.#seq - seq > this.#limit) {
      return undefined;
    }
    const found = [];
    for (let at = seq + 1; at <= this.#seq; at += 1) {
      const entry = this.#entries[at % this.#limit];
      if (entry?.seq !== at) return undefined;
      found.push(entry);
    }
    return found;
  }
}
