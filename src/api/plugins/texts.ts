import { AppError } from '../../core/errors.ts';

/** Deeper than anything that the contract describes; a recursion over it cannot overflow. */
const maxDepth = 32;
/** More than the longest list that the contract describes: large lists of numbers are one text. */
const maxValues = 50_000;

export class RequestInvalidError extends AppError {
  constructor(field: string, message: string) {
    super({ code: 'request.invalid', status: 400, message, details: { field } });
  }
}

/**
 * Where text stands that no database column can hold, such as `phones.0.number`: NUL (Postgres has
 * no such character), or half of a surrogate pair (not Unicode). Also where a value is nested too deep,
 * or has too many values. Undefined when there is none. Ends after `maxValues`, so that no body costs more.
 */
export function unstorableField(value: unknown): string | undefined {
  const path: (string | number)[] = [];
  return new Search(path).finds(value) ? path.join('.') : undefined;
}

/**
 * Whether JSON has more values than that, told from its text in one pass: to parse millions of them takes a second
 * in which nothing else runs. Counts what separates them; text between quotes is skipped.
 */
export function hasTooManyValues(json: string): boolean {
  let count = 0;
  for (let at = 0; at < json.length; at += 1) {
    const char = json.charCodeAt(at);
    if (char === quote) at = endOfText(json, at);
    else if (char === comma || char === bracket || char === brace) {
      count += 1;
      if (count > maxValues) return true;
    }
  }
  return false;
}

const [quote, comma, bracket, brace, backslash] = [...'",[{\\'].map((char) => char.charCodeAt(0));

/** Where the text that begins at `from` has its closing quote; the end when it has none. */
function endOfText(json: string, from: number): number {
  let at = from;
  do {
    at = json.indexOf('"', at + 1);
    if (at === -1) return json.length;
  } while (isEscaped(json, at));
  return at;
}

function isEscaped(json: string, at: number): boolean {
  let before = at - 1;
  while (json.charCodeAt(before) === backslash) before -= 1;
  return (at - before) % 2 === 0;
}

class Search {
  /** Where it stands now; one for the whole walk. */
  readonly #path: (string | number)[];
  #seen = 0;

  constructor(path: (string | number)[]) {
    this.#path = path;
  }

  finds(value: unknown): boolean {
    this.#seen += 1;
    if (this.#seen > maxValues) return true;
    if (typeof value === 'string') return !isStorable(value);
    if (typeof value !== 'object' || value === null || Buffer.isBuffer(value)) return false;
    if (this.#path.length >= maxDepth) return true;
    return Array.isArray(value) ? this.#findsInList(value) : this.#findsInObject(value);
  }

  #findsInList(list: readonly unknown[]): boolean {
    for (let index = 0; index < list.length; index += 1) {
      if (this.#findsAt(index, list[index])) return true;
    }
    return false;
  }

  #findsInObject(value: object): boolean {
    for (const key of Object.keys(value)) {
      if (!isStorable(key)) return true;
      if (this.#findsAt(key, (value as Readonly<Record<string, unknown>>)[key])) return true;
    }
    return false;
  }

  #findsAt(key: string | number, inner: unknown): boolean {
    this.#path.push(key);
    if (this.finds(inner)) return true;
    this.#path.pop();
    return false;
  }
}

function isStorable(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed();
}

/** Letters, digits or signs: not only blanks, marks of direction and the like. */
export function hasWords(text: string): boolean {
  return /[^\p{White_Space}\p{C}\p{M}\u115f\u1160\u2800\u3164\uffa0]/u.test(text);
}
