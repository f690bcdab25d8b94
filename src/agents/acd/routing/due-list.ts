/** Instants at which time alone may change a decision, earliest first (a binary heap). */
export class DueList {
  readonly #heap: { at: number; callId: string }[] = [];

  add(at: number, callId: string): void {
    const heap = this.#heap;
    let place = heap.length;
    heap.push({ at, callId });
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (this.#at(parent) <= this.#at(place)) break;
      this.#swap(parent, place);
      place = parent;
    }
  }

  /** The earliest instant; undefined when nothing is due, ever. */
  get first(): { at: number; callId: string } | undefined {
    return this.#heap[0];
  }

  removeFirst(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    heap[0] = last;
    let place = 0;
    for (;;) {
      const left = 2 * place + 1;
      let least = place;
      if (left < heap.length && this.#at(left) < this.#at(least)) least = left;
      if (left + 1 < heap.length && this.#at(left + 1) < this.#at(least)) least = left + 1;
      if (least === place) return;
      this.#swap(least, place);
      place = least;
    }
  }

  get length(): number {
    return this.#heap.length;
  }

  #at(place: number): number {
    return this.#heap[place]?.at ?? Infinity;
  }

  #swap(a: number, b: number): void {
    const [one, other] = [this.#heap[a], this.#heap[b]];
    if (one === undefined || other === undefined) return;
    this.#heap[a] = other;
    this.#heap[b] = one;
  }
}
