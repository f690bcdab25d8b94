import { ArticleNotPublicError } from '../../../content/index.ts';
import { newId } from '../../../core/ids.ts';
import { addArticleFax } from '../../../faxes/index.ts';
import { firstHotline } from '../../../property/index.ts';
import type { ApiParts, Server } from '../../api.types.ts';
import { write } from '../../write.ts';
import { readable } from './article-access.ts';
import { faxView, modem } from './fax-sendings.ts';

/** An article in writing, for whoever asks an agent for it. */
export function articleFaxRoutes(server: Server, parts: ApiParts): void {
  const { db, clock } = parts;
  write(server, parts, 'POST /articles/:id/fax', {
    async before({ request, member }) {
      const article = await readable(db, member, request.params.id);
      if (article.state !== 'published') throw new ArticleNotPublicError();
      return { article, faxes: await modem(parts) };
    },
    async work({ request, member, scope, trx, audit, afterwards }, { article, faxes }) {
      // It is shown to the far end.
      const did = (await firstHotline(scope, trx, article.estateId)) ?? 'anonymous';
      const about = { articleId: article.id, did, staffId: member.id, callId: null };
      const fax = await addArticleFax(trx, clock, { ...request.body, ...about, key: newId() });
      await audit('fax.requested', fax.id, { articleId: article.id, number: fax.number });
      afterwards(() => faxes.soon(fax.id));
      return faxView(fax, [], member);
    },
  });
}
