import { inScope, type Readable, type Scope } from '../../db/index.ts';

/** Newest first; `before` is the last id of the page before. */
export function billsPage(
  scope: Scope,
  db: Readable,
  { roomId, isUnpaid }: { roomId?: string | undefined; isUnpaid?: boolean | undefined },
  limit: number,
  before: string | undefined,
) {
  let rows = inScope(db, scope, 'bill').selectAll().orderBy('id', 'desc').limit(limit);
  if (before !== undefined) rows = rows.where('id', '<', before);
  if (roomId !== undefined) rows = rows.where('roomId', '=', roomId);
  if (isUnpaid === true) rows = rows.whereRef('paidFen', '<', 'amountFen');
  return rows.execute();
}
