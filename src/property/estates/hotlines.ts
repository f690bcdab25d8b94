import type { Db } from '../../db/index.ts';
import { findHotline, type HotlineWithEstate } from '../people/owners.ts';

/** The first hotline of an estate, or of all; undefined when there is none. */
export async function hotlineFor(
  db: Db,
  estateId: string | undefined,
): Promise<HotlineWithEstate | undefined> {
  let query = db.selectFrom('hotline').select('did').orderBy('createdAt').orderBy('did').limit(1);
  if (estateId !== undefined) query = query.where('estateId', '=', estateId);
  const row = await query.executeTakeFirst();
  return row === undefined ? undefined : findHotline(db, row.did);
}
