import { newId } from '../../core/ids.ts';
import type { Pool } from '../../db/index.ts';
import { demoArticles } from './articles.ts';

/** One article of each topic for the demo estates, which must be there. Does nothing twice. */
export async function seedDemoArticles(db: Pool, now: Date): Promise<boolean> {
  return db.transaction().execute(async (trx) => {
    const made = await trx
      .insertInto('meta')
      .values({ key: 'demo.articles', value: now.toISOString() })
      .onConflict((conflict) => conflict.column('key').doNothing())
      .returning('key')
      .executeTakeFirst();
    if (made === undefined) return false;
    const estates = await trx.selectFrom('estate').select(['id', 'code']).execute();
    const rows = demoArticles.flatMap(({ estate, ...words }) => {
      const estateId = estate && estates.find(({ code }) => code === estate)?.id;
      if (estateId === undefined) return [];
      const times = { publishedAt: now, createdAt: now, updatedAt: now };
      return [
        { id: newId(), ...words, estateId, state: 'published' as const, updatedBy: null, ...times },
      ];
    });
    await trx.insertInto('article').values(rows).execute();
    return true;
  });
}
