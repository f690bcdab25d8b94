import { sql } from 'kysely';
import { isPersonOrTheirHome, searchTerms, type Asked } from '../lookup/index.ts';
import { inScope, type Readable, type Scope } from '../db/index.ts';

/** Newest first; `q` finds names, also by their sounds, homes, and numbers where these may be seen. */
export function peoplePage(
  scope: Scope,
  db: Readable,
  { estateId, asked }: { estateId: string | undefined; asked: Asked },
  limit: number,
  before: string | undefined,
) {
  let rows = inScope(db, scope, 'person')
    .select(['id', 'name', 'language', 'isVip', 'notes'])
    .select((row) =>
      row
        .selectFrom('personPhone')
        .whereRef('personId', '=', 'person.id')
        .select((of) => of.fn.agg<string[]>('array_agg', ['number']).as('numbers'))
        .as('numbers'),
    )
    .orderBy('id', 'desc')
    .limit(limit);
  if (before !== undefined) rows = rows.where('id', '<', before);
  if (estateId !== undefined) {
    rows =
      rows.where(sql<boolean>`EXISTS (SELECT FROM occupancy JOIN room ON room.id = occupancy.room_id
      WHERE occupancy.person_id = person.id AND room.estate_id = ${estateId})`);
  }
  if (asked.q.trim() !== '') {
    rows = rows.where(isPersonOrTheirHome(searchTerms(asked.q, asked.seesNumbers), scope.sites));
  }
  return rows.execute();
}
