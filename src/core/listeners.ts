/** Those who want to hear of something, in the order in which they asked. */
export class Listeners<Args extends readonly unknown[], Result = void> {
  readonly #all: ((...args: Args) => Result)[] = [];

  /** Bound, so that it can be handed out. */
  readonly add = (listener: (...args: Args) => Result): void => void this.#all.push(listener);

  tell(...args: Args): void {
    for (const listener of this.#all) listener(...args);
  }

  /** Each when the one before is done. */
  async tellInTurn(...args: Args): Promise<void> {
    for (const listener of this.#all) await listener(...args);
  }
}
