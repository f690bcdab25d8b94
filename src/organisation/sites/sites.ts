import type { Db } from '../../db/index.ts';

/** Sites that somebody may see; null for all. */
export async function sitesOf(db: Db, staffId: string): Promise<readonly string[] | null> {
  const rows = await db
    .selectFrom('staffSite')
    .select('estateId')
    .where('staffId', '=', staffId)
    .execute();
  return rows.length === 0 ? null : rows.map((row) => row.estateId);
}
