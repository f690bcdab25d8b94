/**
 * Writes about the same thing reach the database one after the other, in the order in which they were asked
 * for: two on two connections of a pool may overtake each other, and the row keeps what was true before.
 */
export class InOrder {
  readonly #last = new Map<string, Promise<void>>();

  /** Begins when everything before it about `key` is done, failed or not. Rejects with its own failure only. */
  run<T>(key: string, write: () => Promise<T>): Promise<T> {
    const before = this.#last.get(key);
    const done = before === undefined ? write() : before.then(write);
    const settled = done.then(
      () => undefined,
      () => undefined,
    );
    this.#last.set(key, settled);
    void settled.then(() => {
      if (this.#last.get(key) === settled) this.#last.delete(key);
    });
    return done;
  }

  /** Resolves when everything asked for until now about `key` is done, failed or not. */
  async idle(key: string): Promise<void> {
    await this.#last.get(key);
  }
}
