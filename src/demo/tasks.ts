interface Task {
  at: number;
  /** Of two at one time the one that was added first comes first. */
  place: number;
  run: (at: number) => void;
}

/** Things to do in the order of their times; each may add others. What is due at the end or later is left undone. */
export class Tasks {
  readonly #end: number;
  readonly #heap: Task[] = [];
  #added = 0;

  constructor(end: number) {
    this.#end = end;
  }

  add(at: number, run: (at: number) => void): void {
    if (at >= this.#end) return;
    this.#added += 1;
    this.#heap.push({ at, place: this.#added, run });
    this.#rise(this.#heap.length - 1);
  }

  run(): void {
    for (let next = this.#take(); next !== undefined; next = this.#take()) next.run(next.at);
  }

  #take(): Task | undefined {
    const [first] = this.#heap;
    const last = this.#heap.pop();
    if (first === undefined || last === undefined || first === last) return first;
    this.#heap[0] = last;
    this.#sink();
    return first;
  }

  #rise(from: number): void {
    for (let at = from; at > 0;) {
      const parent = (at - 1) >> 1;
      if (!this.#isSooner(at, parent)) return;
      this.#swap(at, parent);
      at = parent;
    }
  }

  #sink(): void {
    for (let at = 0; ;) {
      let least = at;
      for (const child of [2 * at + 1, 2 * at + 2]) {
        if (child < this.#heap.length && this.#isSooner(child, least)) least = child;
      }
      if (least === at) return;
      this.#swap(at, least);
      at = least;
    }
  }

  #isSooner(one: number, other: number): boolean {
    const [a, b] = [this.#heap[one], this.#heap[other]];
    if (a === undefined || b === undefined) return false;
    return a.at < b.at || (a.at === b.at && a.place < b.place);
  }

  #swap(one: number, other: number): void {
    const [a, b] = [this.#heap[one], this.#heap[other]];
    if (a === undefined || b === undefined) return;
    this.#heap[one] = b;
    this.#heap[other] = a;
  }
}
