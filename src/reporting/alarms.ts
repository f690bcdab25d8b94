import { inScope, type Readable, type Scope } from '../db/index.ts';

/** The latest, whether they stand or are over. */
export function alarmsIn(scope: Scope, db: Readable) {
  return inScope(db, scope, 'alarm').selectAll().orderBy('raisedAt', 'desc').limit(200).execute();
}
