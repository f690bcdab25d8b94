/**
 * Rows of a table that a spreadsheet saved as text: RFC 4180 with any line end and any of the usual
 * separators. A generator, so that whoever reads it may pause; linear in time, whatever the quotes.
 */
export interface Row {
  cells: string[];
  /** A quote was opened and not closed before something that belongs to the next cell or line. */
  isOpen: boolean;
}

const separators = [',', '\t', ';', '，', '；', '|'];
/** No cell that may be taken is so long; what goes on longer was never closed. */
const longestQuoted = 1000;

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
        // The lines after it are read as lines of their own.
        this.#at = begin;
        const line = this.#plainLine();
        return { cells: [...cells, line], isOpen: true };
      }
      cells.push(cell);
      if (this.#text[this.#at] === this.#separator) {
        this.#at += 1;
        continue;
      }
      this.#skipLineEnd();
      return { cells, isOpen: false };
    }
  }

  #plain(): string {
    const from = this.#at;
    while (!this.#isAtEnd(this.#text[this.#at])) this.#at += 1;
    return this.#text.slice(from, this.#at);
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
    while (this.#at < this.#text.length && !'\r\n'.includes(this.#text[this.#at] ?? '')) {
      this.#at += 1;
    }
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
