import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Language } from '../../core/language.ts';
import { readNumber, type NumberReading } from '../../property/index.ts';
import { columnOf, languageOf, type Column } from './heads.ts';
import { rowsOf, type Row, type RowFault } from '../campaigns/rows.ts';

/**
 * An uploaded list of people to call: a table with a head line. Columns of numbers (电话, 手机号码,
 * `number`, also several), names (姓名), languages (语言), rooms (房号); every other column with a plain
 * name fills the slot of that name in the script. Text in, entries and faults out.
 */
export interface ListEntry {
  /** 1 is the line after the head. */
  line: number;
  number: string;
  /** Called when the first is not reached. */
  moreNumbers: string[];
  name: string;
  language: Language;
  room: string;
  vars: Record<string, string>;
}

export type ListFaultCode =
  | 'no_number'
  | 'bad_number'
  /** The line was taken, without one of its numbers. */
  | 'number_left_out'
  | 'twice'
  | 'bad_language'
  | 'too_many_columns'
  | 'bad_text'
  | 'lost_characters'
  | RowFault;

export interface ListFault {
  /** 0 is the head. */
  line: number;
  code: ListFaultCode;
  /** Of a number. */
  reason?: string;
}

export interface CheckedList {
  entries: ListEntry[];
  faults: ListFault[];
  /** Slots that the list fills. */
  slots: string[];
}

const longestCell = 200;
/** Calls are led by the same process: nobody's audio waits longer for a list. */
const sliceMs = 8;

/** The names of the heads instead, when none of them is one of numbers. */
export async function checkList(text: string): Promise<CheckedList | { heads: string[] }> {
  const rows = rowsOf(text);
  let check: ListCheck | undefined;
  let line = 0;
  let since = performance.now();
  for (const row of rows) {
    if (check !== undefined) check.take(row, (line += 1));
    else if (!isBlank(row)) {
      const columns = row.cells.map(columnOf);
      if (!columns.some(({ is }) => is === 'number')) return { heads: headsOf(row) };
      check = new ListCheck(columns, row.fault);
    }
    if (performance.now() - since < sliceMs) continue;
    await nextTurn();
    since = performance.now();
  }
  return check?.list ?? { heads: [] };
}

function isBlank({ cells }: Row): boolean {
  return cells.every((cell) => cell.trim() === '');
}

function headsOf({ cells }: Row): string[] {
  return cells.map((cell) => cell.trim().slice(0, longestCell));
}

class ListCheck {
  readonly list: CheckedList;
  readonly #columns: readonly Column[];
  readonly #seen = new Set<string>();

  constructor(columns: readonly Column[], headFault: RowFault | undefined) {
    this.#columns = columns;
    const slots = columns.flatMap((one) => (one.is === 'slot' ? [one.name] : []));
    const faults = headFault === undefined ? [] : [{ line: 0, code: headFault }];
    this.list = { entries: [], faults, slots: [...new Set(slots)] };
  }

  take(row: Row, line: number): void {
    const { cells, fault } = row;
    if (fault === undefined && isBlank(row)) return;
    const code = fault ?? this.#faultOf(cells);
    if (code !== undefined) {
      this.list.faults.push({ line, code });
      return;
    }
    const { numbers, faults } = numbersOf(this.#all('number', cells));
    const [number, ...moreNumbers] = numbers;
    if (number === undefined) {
      const [reason] = faults;
      this.list.faults.push(
        reason === undefined ? { line, code: 'no_number' } : { line, code: 'bad_number', reason },
      );
      return;
    }
    if (this.#seen.has(number)) {
      this.list.faults.push({ line, code: 'twice' });
      return;
    }
    for (const reason of faults) this.list.faults.push({ line, code: 'number_left_out', reason });
    this.#seen.add(number);
    this.list.entries.push({
      ...{ line, number, moreNumbers, vars: this.#slots(cells) },
      name: this.#first('name', cells),
      language: languageOf(this.#first('language', cells)) ?? 'zh-CN',
      room: this.#first('room', cells),
    });
  }

  #faultOf(cells: readonly string[]): ListFaultCode | undefined {
    if (cells.slice(this.#columns.length).some((cell) => cell.trim() !== '')) {
      return 'too_many_columns';
    }
    if (cells.some((cell) => cell.includes('\uFFFD'))) return 'lost_characters';
    // Before anything reads a cell: what long ones take is time.
    if (cells.some((cell) => cell.length > longestCell)) return 'bad_text';
    if (languageOf(this.#first('language', cells)) === undefined) return 'bad_language';
    // Control characters and braces have no business in what a machine will say.
    return cells.some((cell) => /[\p{Cc}{}]/u.test(cell.trim())) ? 'bad_text' : undefined;
  }

  #all(is: Column['is'], cells: readonly string[]): string[] {
    return this.#columns.flatMap((one, at) => (one.is === is ? [(cells[at] ?? '').trim()] : []));
  }

  #first(is: Column['is'], cells: readonly string[]): string {
    return this.#all(is, cells).find((cell) => cell !== '') ?? '';
  }

  #slots(cells: readonly string[]): Record<string, string> {
    return Object.fromEntries(
      this.#columns.flatMap((one, at) =>
        one.is === 'slot' ? [[one.name, (cells[at] ?? '').trim()] as const] : [],
      ),
    );
  }
}

/** All numbers of a line's cells, once each, and why others are none. Empty cells are no fault. */
function numbersOf(cells: readonly string[]): { numbers: string[]; faults: string[] } {
  const numbers = new Set<string>();
  const faults: string[] = [];
  for (const cell of cells) {
    for (const reading of readings(cell)) {
      const reason = unfit(reading);
      if (reason === undefined && reading.is === 'number') numbers.add(reading.number);
      else if (reason !== undefined && reason !== 'empty') faults.push(reason);
    }
  }
  return { numbers: [...numbers], faults };
}

function readings(cell: string): NumberReading[] {
  const reading = readNumber(cell);
  return reading.is === 'several'
    ? reading.numbers.map((one) => ({ is: 'number', ...one }))
    : [reading];
}

/** A machine that calls presses no extension, and reaches nobody behind a short number. */
function unfit(reading: NumberReading): string | undefined {
  if (reading.is === 'bad') return reading.reason;
  if (reading.is === 'several') return 'several';
  if (reading.extension !== undefined) return 'extension';
  return reading.kind === 'short' || reading.kind === 'emergency' ? reading.kind : undefined;
}
