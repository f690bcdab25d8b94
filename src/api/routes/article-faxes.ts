import { ArticleNotPublicError } from '../../content/index.ts';
import { newId } from '../../core/ids.ts';
import type { Db } from '../../db/index.ts';
import { NoModemError } from '../../cti/index.ts';
import { addArticleFax } from '../../faxes/index.ts';
import { audit } from '../../organisation/index.ts';
import { memberOf } from '../access.ts';
import type { ApiParts, Server } from '../api.types.ts';
import { route } from '../route.ts';
import { transact } from '../plugins/idempotency.ts';
import { readable } from './article-access.ts';
import { faxView } from './fax-sendings.ts';

/** An article in writing, for whoever asks an agent for it. */
export function articleFaxRoutes(server: Server, { db, clock, faxes }: ApiParts): void {
  route(server, 'POST /articles/:id/fax', async (request, reply) => {
    const member = memberOf(request);
    const { id: staffId, siteIds } = member;
    const article = await readable(db, member, request.params.id);
    if (article.state !== 'published') throw new ArticleNotPublicError();
    if (faxes === undefined) throw new NoModemError();
    await faxes.check();
    void reply.status(202);
    const sites = article.estateId === null ? siteIds : [article.estateId];
    const body = await transact(db, { request, reply }, async (trx) => {
      const did = await hotlineOf(trx, sites);
      const wanted = { ...request.body, articleId: article.id, did, staffId, callId: null };
      const fax = await addArticleFax(trx, clock, { ...wanted, key: newId() });
      const details = { articleId: article.id, number: fax.number };
      await audit(trx, clock, { staffId, act: 'fax.requested', subject: fax.id, details });
      return faxView(fax, [], member);
    });
    await faxes.soon(body.id);
    return body;
  });
}

/** Of one of these estates; null for all. It is shown to the far end. */
async function hotlineOf(db: Db, sites: readonly string[] | null): Promise<string> {
  let rows = db.selectFrom('hotline').select('did').orderBy('createdAt').orderBy('did').limit(1);
  if (sites !== null) rows = rows.where('estateId', 'in', [...sites]);
  return (await rows.executeTakeFirst())?.did ?? 'anonymous';
}
