/** Random numbers that are the same for the same seed, and the few distributions that the demo history draws from. */
export class Chance {
  #state: number;

  /** @param seed any text; texts that differ in one letter give other numbers. */
  constructor(seed: string) {
    this.#state = hash(seed);
  }

  /** From 0 to below 1 (mulberry32, public domain). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }

  is(probability: number): boolean {
    return this.next() < probability;
  }

  between(from: number, to: number): number {
    return from + (to - from) * this.next();
  }

  integer(from: number, to: number): number {
    return from + Math.floor(this.next() * (to - from + 1));
  }

  pick<T>(items: readonly T[]): T {
    const item = items[Math.floor(this.next() * items.length)];
    if (item === undefined) throw new Error('there is nothing to pick from');
    return item;
  }

  /** One of the keys, as often as its weight says. */
  weighted<Key extends string>(weights: Readonly<Record<Key, number>>): Key {
    const entries = Object.entries(weights) as [Key, number][];
    let left = this.next() * entries.reduce((sum, [, weight]) => sum + weight, 0);
    let chosen: Key | undefined;
    for (const [key, weight] of entries) {
      if (weight <= 0) continue;
      chosen = key;
      left -= weight;
      if (left < 0) break;
    }
    if (chosen === undefined) throw new Error('there is nothing to choose from');
    return chosen;
  }

  /** What people's talks, waits and rings look like: most are short, a few are long. */
  logNormal(median: number, spread: number): number {
    const angle = 2 * Math.PI * this.next();
    const normal = Math.sqrt(-2 * Math.log(1 - this.next())) * Math.cos(angle);
    return median * Math.exp(spread * normal);
  }

  /** How many of something that happens `mean` times on average. */
  poisson(mean: number): number {
    const limit = Math.exp(-Math.min(mean, 700));
    let count = 0;
    for (let product = this.next(); product > limit; product *= this.next()) count += 1;
    return count;
  }
}

/** FNV-1a. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (const char of text) value = Math.imul(value ^ (char.codePointAt(0) ?? 0), 0x01000193);
  return value >>> 0;
}
