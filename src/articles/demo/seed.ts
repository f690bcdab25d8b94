import { newId } from '../../core/ids.ts';
import type { Pool } from '../../db/index.ts';
import { demoArticles } from './articles.ts';

/** One article of each topic for the demo estates. Does nothing once there is any. */
export async function seedDemoArticles(db: Pool, now: Date): Promise<boolean> {
  return db.transaction().execute(async (trx) => {
    const known = await trx.selectFrom('article').select('id').limit(1).executeTakeFirst();
    if (known !== undefined) return false;
    const estates = await trx.selectFrom('estate').select(['id', 'code']).execute();
    const idOf = new Map(estates.map(({ id, code }) => [code, id]));
    const rows = demoArticles.map(({ estate, ...words }) => ({
      ...{ id: newId(), ...words, estateId: estate === null ? null : (idOf.get(estate) ?? null) },
      ...{ state: 'published' as const, publishedAt: now, updatedBy: null },
      ...{ createdAt: now, updatedAt: now },
    }));
    await trx.insertInto('article').values(rows).execute();
    return true;
  });
}
