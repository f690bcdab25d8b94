import { isPerson, searchTerms } from '../lookup/index.ts';
import { inScope, type Readable, type Scope } from '../db/index.ts';

/** Newest first; `q` finds names, also by their sounds, and numbers where these may be seen. */
export function peoplePage(
  scope: Scope,
  db: Readable,
  { q, seesNumbers }: { q: string; seesNumbers: boolean },
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
  if (q !== '') rows = rows.where(isPerson(searchTerms(q, seesNumbers)));
  return rows.execute();
}
