import type { Chance } from '../chance.ts';
import type { Graph, GraphEstate, GraphHome, GraphPerson } from '../graph.ts';

/** Somebody who calls: people of the estates, and those whom nobody knows. */
export interface Caller {
  number: string;
  estate: GraphEstate;
  person: GraphPerson | undefined;
  home: GraphHome | undefined;
  /** The number belongs to nobody else, so that it names them. */
  isOnly: boolean;
}

const strangers = 70;
const strangersShare = 0.07;

/** Picks callers: some homes call often, most seldom, and a few numbers are known to nobody. */
export class Callers {
  readonly #chance: Chance;
  readonly #callers: Caller[] = [];
  /** Up to and with each caller, so that one is found by halving. */
  readonly #sums: number[] = [];
  readonly #strangers: Caller[];

  constructor(chance: Chance, { homes, estates }: Pick<Graph, 'homes' | 'estates'>) {
    this.#chance = chance;
    const byId = new Map(estates.map((estate) => [estate.id, estate]));
    const owners = ownersOf(homes);
    let sum = 0;
    for (const home of homes) {
      const estate = byId.get(home.estateId);
      if (estate === undefined) continue;
      for (const person of home.people) {
        // Of the people whom the manual names one sees something, and not a hundred calls.
        sum += person.hasPin ? 4 : Math.min(12, chance.logNormal(1, 0.9));
        const isOnly = owners.get(person.number)?.size === 1;
        this.#callers.push({ number: person.number, estate, person, home, isOnly });
        this.#sums.push(sum);
      }
    }
    this.#strangers = Array.from({ length: strangers }, () => ({
      ...{ number: strangerNumber(chance), estate: chance.pick(estates) },
      ...{ person: undefined, home: undefined, isOnly: false },
    }));
  }

  next(): Caller {
    if (this.#callers.length === 0 || this.#chance.is(strangersShare)) {
      return this.#chance.pick(this.#strangers);
    }
    const wanted = this.#chance.next() * (this.#sums.at(-1) ?? 0);
    let [low, high] = [0, this.#sums.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#sums[middle] ?? 0) > wanted) high = middle;
      else low = middle + 1;
    }
    return this.#callers[low] ?? this.#chance.pick(this.#strangers);
  }
}

function ownersOf(homes: readonly GraphHome[]): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const { people } of homes) {
    for (const { number, personId } of people) {
      found.set(number, (found.get(number) ?? new Set()).add(personId));
    }
  }
  return found;
}

/** Couriers, workmen, offices. */
function strangerNumber(chance: Chance): string {
  const digits = (count: number) => String(chance.integer(0, 10 ** count - 1)).padStart(count, '0');
  if (chance.is(0.15)) return `0571${chance.integer(8, 8)}${digits(7)}`;
  return `${chance.pick(['133', '136', '150', '158', '177', '186', '189', '199'])}${digits(8)}`;
}
