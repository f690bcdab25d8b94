import { inScope, type Db, type Scope } from '../db/index.ts';

/** The latest, whether they stand or are over. */
export function alarmsIn(scope: Scope, db: Db) {
  return inScope(db, scope, 'alarm').selectAll().orderBy('raisedAt', 'desc').limit(200).execute();
}
