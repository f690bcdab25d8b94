import { Type } from 'typebox';
import { parsePage, toPage, type Page, type PageRequest } from '../db/index.ts';

export const pageQuery = {
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
  cursor: Type.Optional(Type.String({ maxLength: 200 })),
};

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
