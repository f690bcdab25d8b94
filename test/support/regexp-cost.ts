/**
 * How the time that a regular expression takes grows with the text: the ambiguity of its automaton (Weber and Seidl,
 * "On the degree of ambiguity of finite automata"), which is how often a backtracking matcher may look at a character
 * before it gives up. Counted repetitions are no loops; what they cost is bounded.
 */
import { RegExpParser, type AST } from '@eslint-community/regexpp';

/** A place in the pattern that takes a character; the last one, of a search, is whatever stands before the match. */
interface Place {
  text: string;
  takes: ReadonlySet<string>;
  /** Places that may come next, and in how many ways; two stand for more. */
  next: Map<number, number>;
  /** The pattern is matched here, whatever follows: nothing fails any more. */
  isEnd: boolean;
}

/** Why it is more than linear; undefined when it is not. */
export function costOf(source: string, flags: string): string | undefined {
  const parser = new RegExpParser();
  const pattern = parser.parsePattern(source, 0, source.length, {
    unicode: flags.includes('u'),
    unicodeSets: flags.includes('v'),
  });
  const samples = samplesOf(pattern);
  const isSearched = !flags.includes('y');
  const whole = new Automaton(flags, samples, pattern.alternatives);
  const isAnchored = pattern.alternatives.every(
    ({ elements: [first] }) => first?.type === 'Assertion' && first.kind === 'start',
  );
  const inner = whole.lookarounds.map((body) => new Automaton(flags, samples, body));
  if (whole.hasBackreference) return 'a back-reference';
  return [
    ambiguityOf(whole.places(isSearched)),
    ...inner.map((one) => ambiguityOf(one.places(isSearched && !isAnchored))),
  ].find((one) => one !== undefined);
}

/** One character of each kind that the pattern can tell apart. */
function samplesOf(pattern: AST.Pattern): string[] {
  const around = [...pattern.raw, ...'09azAZ_ \t\n\r/:-!~é中\u00a0\u2028\0'].map(
    (char) => char.codePointAt(0) ?? 0,
  );
  for (const [, hex = '0'] of pattern.raw.matchAll(/\\[ux]\{?([0-9a-f]{2,6})/gi)) {
    around.push(parseInt(hex, 16));
  }
  const codes = new Set(around.flatMap((code) => [Math.max(0, code - 1), code, code + 1]));
  return [...codes].filter((code) => code <= 0x10ffff).map((code) => String.fromCodePoint(code));
}

type Kind = 'free' | 'start' | 'asserted';

interface Edge {
  to: number;
  kind: Kind;
}

/** Thompson's construction: state 0 begins, state 1 is the end. */
class Automaton {
  readonly lookarounds: (readonly AST.Alternative[])[] = [];
  hasBackreference = false;
  readonly #flags: string;
  readonly #samples: readonly string[];
  readonly #steps: { to: number; text: string; takes: ReadonlySet<string> }[] = [];
  readonly #stepsFrom = new Map<number, number>();
  readonly #edges: Edge[][] = [[], []];

  constructor(flags: string, samples: readonly string[], pattern: readonly AST.Alternative[]) {
    this.#flags = flags.replace(/[gyd]/g, '');
    this.#samples = samples;
    this.#add(pattern, 0, 1);
  }

  places(isSearched: boolean): readonly Place[] {
    const first = this.#reach(0, true);
    const places = this.#steps.map(({ to, text, takes }): Place => {
      const { next, isEnd } = this.#reach(to, this.#flags.includes('m'));
      return { text, takes, next, isEnd };
    });
    // A match of nothing is always found.
    if (first.isEnd) return [];
    if (!isSearched) return places;
    const { next } = this.#reach(0, this.#flags.includes('m'));
    next.set(places.length, 1);
    const takes = new Set(this.#samples);
    return [...places, { text: 'any place to begin at', takes, next, isEnd: false }];
  }

  #state(): number {
    return this.#edges.push([]) - 1;
  }

  #edge(from: number, to: number, kind: Kind = 'free'): void {
    this.#edges[from]?.push({ to, kind });
  }

  #add(alternatives: readonly AST.Alternative[], from: number, to: number): void {
    for (const { elements } of alternatives) {
      let at = from;
      for (const element of elements) {
        const next = this.#state();
        this.#element(element, at, next);
        at = next;
      }
      this.#edge(at, to);
    }
  }

  #element(element: AST.Element, from: number, to: number): void {
    switch (element.type) {
      case 'Group':
      case 'CapturingGroup':
        this.#add(element.alternatives, from, to);
        return;
      case 'Quantifier':
        this.#repeat(element, from, to);
        return;
      case 'Assertion':
        if ('alternatives' in element) this.lookarounds.push(element.alternatives);
        this.#edge(from, to, element.kind === 'start' ? 'start' : 'asserted');
        return;
      case 'Backreference':
        this.hasBackreference = true;
        this.#edge(from, to, 'asserted');
        return;
      default: {
        const own = this.#state();
        this.#edge(from, own);
        const one = new RegExp(`^(?:${element.raw})$`, this.#flags);
        const takes = new Set(this.#samples.filter((char) => one.test(char)));
        this.#stepsFrom.set(own, this.#steps.push({ to, text: element.raw, takes }) - 1);
      }
    }
  }

  #repeat({ element, min, max }: AST.Quantifier, from: number, to: number): void {
    let at = from;
    // Two of a bounded number stand for all: whether they run into each other shows.
    const copies = Math.min(max === Infinity ? Math.max(0, min - 1) : max, 2);
    for (let copy = 0; copy < copies; copy += 1) {
      const next = this.#state();
      if (copy >= min) this.#edge(at, to);
      this.#element(element, at, next);
      at = next;
    }
    if (max !== Infinity) {
      this.#edge(at, to);
      return;
    }
    const [begin, end] = [this.#state(), this.#state()];
    this.#edge(at, begin);
    this.#element(element, begin, end);
    this.#edge(end, begin);
    this.#edge(min === 0 ? begin : end, to);
  }

  /** The places that come behind a state without another character, by as many ways as there are; two stand for more. */
  #reach(from: number, mayStart: boolean): { next: Map<number, number>; isEnd: boolean } {
    const next = new Map<number, number>();
    const used = new Set<Edge>();
    let isEnd = false;
    const visit = (state: number, isFree: boolean) => {
      if (state === 1 && isFree) isEnd = true;
      const step = this.#stepsFrom.get(state);
      if (step !== undefined) next.set(step, Math.min(2, (next.get(step) ?? 0) + 1));
      for (const edge of this.#edges[state] ?? []) {
        if (used.has(edge) || (edge.kind === 'start' && !mayStart)) continue;
        // A way may come to a state again, as in a loop around a loop, but not by the same edge.
        used.add(edge);
        visit(edge.to, isFree && edge.kind === 'free');
        used.delete(edge);
      }
    };
    visit(from, true);
    return { next, isEnd };
  }
}

function ambiguityOf(places: readonly Place[]): string | undefined {
  const reach = places.map((_, from) => reachable(places, from));
  const isLoop = (at: number) => reach[at]?.has(at) === true;
  const isSame = (a: number, b: number) => reach[a]?.has(b) === true && reach[b]?.has(a) === true;
  const told = (at: number) => places[at]?.text ?? '';
  const mayFail = (at: number) => places[at]?.isEnd === false;
  const loops = places.map((_, at) => at).filter((at) => isLoop(at) && mayFail(at));
  for (const p of loops) {
    const inside = (at: number) => isSame(p, at);
    const isDoubled = [...(places[p]?.next ?? [])].some(([at, ways]) => ways > 1 && inside(at));
    const two = [inside, inside];
    if (isDoubled || walks(places, [p, p], [p, p], two, ([a, b]) => a !== b)) {
      return `exponential: ${told(p)} within a loop can be read in two ways`;
    }
  }
  for (const p of loops) {
    for (const q of loops) {
      if (p === q || reach[p]?.has(q) !== true) continue;
      const within = [
        (at: number) => isSame(p, at),
        (at: number) => reach[p]?.has(at) === true,
        (at: number) => isSame(q, at),
      ];
      if (walks(places, [p, p, q], [p, q, q], within)) {
        return `quadratic: ${told(p)} and ${told(q)} repeat over the same characters`;
      }
    }
  }
  return undefined;
}

function reachable(places: readonly Place[], from: number): ReadonlySet<number> {
  const found = new Set<number>();
  const open = [from];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    for (const next of places[at]?.next.keys() ?? []) {
      if (found.has(next)) continue;
      found.add(next);
      open.push(next);
    }
  }
  return found;
}

/** Whether one text leads all of them from there to there, each within its own places. */
function walks(
  places: readonly Place[],
  from: readonly number[],
  to: readonly number[],
  within: readonly ((at: number) => boolean)[],
  mustPass: (at: readonly number[]) => boolean = () => true,
): boolean {
  const open: { at: readonly number[]; hasPassed: boolean }[] = [
    { at: from, hasPassed: mustPass(from) },
  ];
  const seen = new Set<string>();
  for (let one = open.pop(); one !== undefined; one = open.pop()) {
    for (const at of movesOf(places, one.at, within)) {
      const hasPassed = one.hasPassed || mustPass(at);
      if (hasPassed && at.every((place, index) => place === to[index])) return true;
      const key = `${at.join()} ${hasPassed}`;
      if (seen.has(key)) continue;
      seen.add(key);
      open.push({ at, hasPassed });
    }
  }
  return false;
}

function movesOf(
  places: readonly Place[],
  from: readonly number[],
  within: readonly ((at: number) => boolean)[],
): number[][] {
  let partial: { at: number[]; takes: readonly string[] | undefined }[] = [
    { at: [], takes: undefined },
  ];
  from.forEach((place, index) => {
    const targets = [...(places[place]?.next.keys() ?? [])].filter((one) => within[index]?.(one));
    partial = partial.flatMap(({ at, takes }) =>
      targets.flatMap((target) => {
        const own = places[target]?.takes ?? new Set<string>();
        const shared = takes === undefined ? [...own] : takes.filter((char) => own.has(char));
        return shared.length === 0 ? [] : [{ at: [...at, target], takes: shared }];
      }),
    );
  });
  return partial.map(({ at }) => at);
}
