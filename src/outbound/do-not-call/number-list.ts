import { setImmediate as nextTurn } from 'node:timers/promises';
import type { NumberFault } from '../../contract/numbers.ts';
import { readNumber } from '../../property/index.ts';
import { rowsOf, type RowFault } from '../campaigns/rows.ts';

export interface NumberList {
  /** In the order of the file, each once. */
  numbers: string[];
  faults: { line: number; reason: NumberFault | 'emergency' | RowFault }[];
}

/** Calls are led by the same process: nobody's audio waits longer for a list. */
const sliceMs = 8;

/**
 * Numbers of a list: one or several a line, with or without a head line and other columns beside them. A line
 * counts as wrong when nothing in it is a number. Text in, numbers and faults out.
 */
export async function numbersOfList(text: string): Promise<NumberList> {
  const numbers = new Set<string>();
  const faults: NumberList['faults'] = [];
  let line = 0;
  let since = performance.now();
  for (const { cells, fault } of rowsOf(text)) {
    line += 1;
    const found = fault ?? numbersOfRow(cells);
    if (typeof found !== 'string') for (const one of found) numbers.add(one);
    // Of a line that is too long, more follows than `cells` shows.
    else if (found === 'line_too_long' || !isHead(cells, line))
      faults.push({ line, reason: found });
    if (performance.now() - since < sliceMs) continue;
    await nextTurn();
    since = performance.now();
  }
  return { numbers: [...numbers], faults };
}

function numbersOfRow(cells: readonly string[]): string[] | NumberList['faults'][number]['reason'] {
  const written = cells.map((cell) => cell.trim()).filter((cell) => cell !== '');
  if (written.length === 0) return [];
  const readings = written.map((cell) => ({ cell, reading: readNumber(cell) }));
  const read = readings.flatMap(({ reading }) => {
    if (reading.is === 'bad') return [];
    return reading.is === 'several' ? reading.numbers : [reading];
  });
  const callable = read.filter(({ kind }) => kind !== 'emergency').map(({ number }) => number);
  if (callable.length > 0) return callable;
  if (read.length > 0) return 'emergency';
  // The cell with digits tells most about what is wrong.
  const most = readings.find(({ cell }) => /\d/.test(cell)) ?? readings[0];
  return most?.reading.is === 'bad' ? most.reading.reason : 'shape';
}

/** What stands above the numbers has no digits. */
function isHead(cells: readonly string[], line: number): boolean {
  return line === 1 && !cells.some((cell) => /[0-9０-９]/.test(cell));
}
