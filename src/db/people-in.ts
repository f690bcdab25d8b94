import { inScope, type Readable, type Scope } from './scope.ts';

const batchSize = 5000;

/**
 * Tells of each of these people whether whoever asks may know them: their id, or null. A list that somebody brought has
 * numbers of people of other sites: they are called by the rules of whoever they are, and not told apart.
 */
export async function peopleIn(
  scope: Scope,
  db: Readable,
  ids: readonly (string | null)[],
): Promise<(id: string | null) => string | null> {
  if (scope.sites === null) return (id) => id;
  const wanted = [...new Set(ids.filter((id) => id !== null))];
  const known = new Set<string>();
  for (let from = 0; from < wanted.length; from += batchSize) {
    const batch = wanted.slice(from, from + batchSize);
    const rows = await inScope(db, scope, 'person').select('id').where('id', 'in', batch).execute();
    for (const { id } of rows) known.add(id);
  }
  return (id) => (id !== null && known.has(id) ? id : null);
}
