import {
  inScope,
  type FaxSending,
  type FaxTry,
  type PagePosition,
  type Readable,
  type Scope,
} from '../db/index.ts';

/** Faxes that came in, newest first; `after` is where the page before ended. */
export function receivedFaxesPage(
  scope: Scope,
  db: Readable,
  limit: number,
  after: PagePosition | undefined,
) {
  let query = inScope(db, scope, 'fax')
    .selectAll()
    .orderBy('receivedAt', 'desc')
    .orderBy('id', 'desc')
    .limit(limit);
  if (after !== undefined) {
    query = query.where((where) =>
      where(where.refTuple('receivedAt', 'id'), '<', where.tuple(after.at, after.id)),
    );
  }
  return query.execute();
}

export async function isReceivedFaxIn(scope: Scope, db: Readable, id: string): Promise<boolean> {
  const row = await inScope(db, scope, 'fax').select('id').where('id', '=', id).executeTakeFirst();
  return row !== undefined;
}

/** Faxes that go out, newest first; `before` is the last id of the page before. */
export function faxSendingsPage(
  scope: Scope,
  db: Readable,
  { roomId }: { roomId?: string | undefined },
  limit: number,
  before: string | undefined,
): Promise<FaxSending[]> {
  let rows = inScope(db, scope, 'faxSending').selectAll().orderBy('id', 'desc').limit(limit);
  if (before !== undefined) rows = rows.where('id', '<', before);
  if (roomId !== undefined) rows = rows.where('roomId', '=', roomId);
  return rows.execute();
}

export function faxSendingIn(
  scope: Scope,
  db: Readable,
  id: string,
): Promise<FaxSending | undefined> {
  return inScope(db, scope, 'faxSending').selectAll().where('id', '=', id).executeTakeFirst();
}

/** The tries of a fax in the scope, the latest one last. */
export function triesIn(scope: Scope, db: Readable, faxId: string): Promise<FaxTry[]> {
  return inScope(db, scope, 'faxSending')
    .innerJoin('faxTry', 'faxTry.faxId', 'faxSending.id')
    .selectAll('faxTry')
    .where('faxSending.id', '=', faxId)
    .orderBy('faxTry.startedAt')
    .orderBy('faxTry.id')
    .execute();
}
