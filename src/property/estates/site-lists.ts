import { inScope, type Readable, type Scope } from '../../db/index.ts';

export function estatesIn(scope: Scope, db: Readable) {
  return inScope(db, scope, 'estate').selectAll().orderBy('code').execute();
}

/** In the order in which people count them: 2 before 10. */
export function buildingsIn(scope: Scope, db: Readable, estateId: string) {
  return inScope(db, scope, 'building')
    .select(['id', 'number'])
    .where('estateId', '=', estateId)
    .orderBy((order) => order.fn('length', ['number']))
    .orderBy('number')
    .execute();
}

/** Newest first; `before` is the last id of the page before. */
export function roomsPage(
  scope: Scope,
  db: Readable,
  { estateId, q }: { estateId?: string | undefined; q?: string | undefined },
  limit: number,
  before: string | undefined,
) {
  let rows = inScope(db, scope, 'room').selectAll().orderBy('id', 'desc').limit(limit);
  if (before !== undefined) rows = rows.where('id', '<', before);
  if (estateId !== undefined) rows = rows.where('estateId', '=', estateId);
  if (q !== undefined) rows = rows.where('label', 'like', `%${escapeLike(q)}%`);
  return rows.execute();
}

function escapeLike(text: string): string {
  return text.replaceAll(/[\\%_]/g, (char) => `\\${char}`);
}
