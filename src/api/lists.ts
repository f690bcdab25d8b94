import { parsePage, toPage, type Page, type PageRequest } from '../db/index.ts';

/** A page of rows whose ids grow with time (UUIDv7), newest first. */
export async function pageById<Row extends { id: string }, Item>(
  request: PageRequest,
  read: (limit: number, before: string | undefined) => Promise<Row[]>,
  present: (row: Row) => Item,
): Promise<Page<Item>> {
  const { limit, after } = parsePage(request);
  const rows = await read(limit + 1, after?.id);
  return toPage(rows, limit, (row) => ({ at: new Date(0), id: row.id }), present);
}
