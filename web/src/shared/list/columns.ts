/** What a list knows of its columns. Pure. */
import type { ReactNode } from 'react';

export interface Column<Row> {
  /** Names it where the reader’s choice is kept; without one it is always shown. */
  key?: string;
  title: string;
  /** What it counts, where its title does not say it all; shown when the pointer rests on the head. */
  hint?: string;
  width?: number;
  align?: 'left' | 'right';
  render: (value: unknown, row: Row) => ReactNode;
  /** Its cell as plain text, for the export; columns without one are left out of it. */
  text?: (row: Row) => string | number | null;
  /** What rows are sorted by. */
  sort?: (row: Row) => string | number | null;
  /** Where rows are cards: beside the first column, a line without its title, or not at all. */
  small?: 'beside' | 'bare' | 'none';
}

export type Columns<Row> = Column<Row>[];

export interface Sorting {
  key: string;
  isDown: boolean;
}

/** `duration` upwards, `-duration` downwards; undefined for a column that cannot be sorted by. */
export function sortingOf<Row>(
  text: string | undefined,
  columns: readonly Column<Row>[],
): Sorting | undefined {
  if (text === undefined) return undefined;
  const isDown = text.startsWith('-');
  const key = isDown ? text.slice(1) : text;
  const known = columns.some((one) => one.key === key && one.sort !== undefined);
  return known ? { key, isDown } : undefined;
}

/** What one more press on a head asks for: upwards, downwards, as they came. */
export function nextSorting(key: string, now: Sorting | undefined): string | undefined {
  if (now?.key !== key) return key;
  return now.isDown ? undefined : `-${key}`;
}

/** Nothing comes last, whichever way; rows that are equal stay in their order. */
export function sorted<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  sorting: Sorting | undefined,
): readonly Row[] {
  const by = columns.find((one) => one.key === sorting?.key)?.sort;
  if (sorting === undefined || by === undefined) return rows;
  const way = sorting.isDown ? -1 : 1;
  return rows
    .map((row) => ({ row, value: by(row) }))
    .toSorted((a, b) => {
      if (a.value === null || b.value === null) {
        return Number(a.value === null) - Number(b.value === null);
      }
      if (typeof a.value === 'number' && typeof b.value === 'number') {
        return (a.value - b.value) * way;
      }
      return String(a.value).localeCompare(String(b.value), 'zh-CN', { numeric: true }) * way;
    })
    .map(({ row }) => row);
}

/** Rows that have it in one of their texts. */
export function searched<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  text: string,
): readonly Row[] {
  const wanted = text.trim().toLowerCase();
  if (wanted === '') return rows;
  return rows.filter((row) =>
    columns.some((one) =>
      String(one.text?.(row) ?? '')
        .toLowerCase()
        .includes(wanted),
    ),
  );
}

/** The lines of an export: heads and rows of the columns that have a text. */
export function exportLines<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
): (string | number | null)[][] {
  const told = columns.filter((one) => one.text !== undefined);
  return [
    told.map((one) => one.title),
    ...rows.map((row) => told.map((one) => one.text?.(row) ?? null)),
  ];
}
