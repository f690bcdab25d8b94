/**
 * Rows of a table that a spreadsheet saved as text: RFC 4180 with any line end and any of the usual
 * separators. A generator, so that whoever reads it may pause; linear in time, whatever the quotes.
 */
export interface Row {
  cells: string[];
  /** Why `cells` is not all that the line holds. The lines after it are read as lines of their own. */
  fault?: RowFault;
}

export type RowFault =
  /** A quote was opened and not closed before something that belongs to the next cell or line. */
  | 'unclosed_quote'
  /** More cells or characters than a line of people and numbers has; what goes beyond is not read. */
  | 'line_too_long';

const separators = [',', '\t', ';', '，', '；', '|'];
/** No cell that may be taken is so long; what goes on longer was never closed. */
const longestQuoted = 1000;
/** Whoever reads pauses between lines: none may hold the calls of the same process for long. */
const longestLine = 64_000;
const mostCells = 200;

export function* rowsOf(text: string): Generator<Row> {
  const declared = /^\uFEFF?sep=(.)\r?\n/i.exec(text);
  const start = declared?.[0].length ?? (text.startsWith('\uFEFF') ? 1 : 0);
  const reader = new Reader(text, start, declared?.[1] ?? separatorOf(text, start));
  while (!reader.isDone) yield reader.row();
}

/** The one that the first line with anything in it has most of. */
function separatorOf(text: string, start: number): string {
  const lines = text.slice(start, start + 20_000).split(/[\r\n]/);
  const line = lines.find((one) => one.trim() !== '') ?? '';
  const bare = line.replaceAll(/"[^"]*"/g, '');
  const counts = separators.map((mark) => bare.split(mark).length);
  return separators[counts.indexOf(Math.max(...counts))] ?? ',';
}

const lineEnd = /[\r\n]/g;

class Reader {
  readonly #text: string;
  readonly #separator: string;
  #at: number;

  constructor(text: string, at: number, separator: string) {
    this.#text = text;
    this.#at = at;
    this.#separator = separator;
  }

  get isDone(): boolean {
    return this.#at >= this.#text.length;
  }

  row(): Row {
    const cells: string[] = [];
    const begin = this.#at;
    for (;;) {
      const cell = this.#text[this.#at] === '"' ? this.#quoted() : this.#plain();
      if (cell === undefined) {
        this.#at = begin;
        const line = this.#plainLine().slice(0, longestLine);
        return { cells: [...cells, line], fault: 'unclosed_quote' };
      }
      cells.push(cell);
      const isEnd = this.#text[this.#at] !== this.#separator;
      if (this.#at - begin > longestLine || (!isEnd && cells.length === mostCells)) {
        // A spreadsheet fills lines up with empty cells.
        return this.#isEmpty(this.#plainLine()) ? { cells } : { cells, fault: 'line_too_long' };
      }
      if (isEnd) {
        this.#skipLineEnd();
        return { cells };
      }
      this.#at += 1;
    }
  }

  #plain(): string {
    const from = this.#at;
    const to = from + longestLine;
    while (this.#at <= to && !this.#isAtEnd(this.#text[this.#at])) this.#at += 1;
    return this.#text.slice(from, this.#at);
  }

  #isEmpty(rest: string): boolean {
    if (rest.length > longestLine) return false;
    for (const char of rest) {
      if (char !== this.#separator && char !== ' ') return false;
    }
    return true;
  }

  #quoted(): string | undefined {
    const from = this.#at + 1;
    for (let at = from; at - from <= longestQuoted; at += 1) {
      const char = this.#text[at];
      if (char === undefined) return undefined;
      if (char !== '"') continue;
      if (this.#text[at + 1] === '"') {
        at += 1;
        continue;
      }
      if (!this.#isAtEnd(this.#text[at + 1])) return undefined;
      this.#at = at + 1;
      return this.#text.slice(from, at).replaceAll('""', '"');
    }
    return undefined;
  }

  #plainLine(): string {
    const from = this.#at;
    lineEnd.lastIndex = from;
    this.#at = lineEnd.exec(this.#text)?.index ?? this.#text.length;
    const line = this.#text.slice(from, this.#at);
    this.#skipLineEnd();
    return line;
  }

  #isAtEnd(char: string | undefined): boolean {
    return char === undefined || char === this.#separator || char === '\n' || char === '\r';
  }

  #skipLineEnd(): void {
    if (this.#text[this.#at] === '\r' && this.#text[this.#at + 1] === '\n') this.#at += 2;
    else this.#at += 1;
  }
}
