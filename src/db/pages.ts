import { AppError } from '../core/errors.ts';

/** A list as the API gives it: at most `limit` items, and where to go on. */
export interface Page<T> {
  items: T[];
  /** Opaque; null at the end. */
  nextCursor: string | null;
}

export interface PageRequest {
  /** 1–200, default 50. */
  limit?: number;
  cursor?: string;
}

/** Newest first; the id breaks ties. */
export interface PagePosition {
  at: Date;
  id: string;
}

const defaultLimit = 50;
const maxLimit = 200;

/** Checks a request; throws `page.bad_limit` or `page.bad_cursor`. */
export function parsePage(request: PageRequest): {
  limit: number;
  after: PagePosition | undefined;
} {
  const limit = request.limit ?? defaultLimit;
  if (!Number.isInteger(limit) || limit < 1 || limit > maxLimit) {
    throw new AppError({
      code: 'page.bad_limit',
      status: 400,
      message: `limit must be a whole number from 1 to ${maxLimit}.`,
      details: { field: 'limit' },
    });
  }
  return { limit, after: request.cursor === undefined ? undefined : decodeCursor(request.cursor) };
}

/** Turns `limit + 1` rows, newest first, into a page. */
export function toPage<Row, Item>(
  rows: readonly Row[],
  limit: number,
  position: (row: Row) => PagePosition,
  present: (row: Row) => Item,
): Page<Item> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const hasMore = rows.length > limit && last !== undefined;
  return { items: shown.map(present), nextCursor: hasMore ? encodeCursor(position(last)) : null };
}

const timePattern = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;
const uuidPattern = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export function encodeCursor({ at, id }: PagePosition): string {
  return Buffer.from(`${at.toISOString()} ${id}`).toString('base64url');
}

export function decodeCursor(cursor: string): PagePosition {
  const [time = '', id = ''] = Buffer.from(cursor, 'base64url').toString().split(' ');
  const at = new Date(timePattern.test(time) && !time.startsWith('0') ? time : '');
  // The very text that we made: no day that the calendar lacks, no year that the database lacks.
  if (Number.isNaN(at.getTime()) || at.toISOString() !== time || !uuidPattern.test(id)) {
    throw new AppError({
      code: 'page.bad_cursor',
      status: 400,
      message: 'cursor must be the nextCursor of the page before.',
      details: { field: 'cursor' },
    });
  }
  return { at, id };
}
