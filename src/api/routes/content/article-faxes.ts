import { ArticleNotPublicError } from '../../../content/index.ts';
import { newId } from '../../../core/ids.ts';
import { addArticleFax, type Faxes } from '../../../faxes/index.ts';
import { firstHotline } from '../../../property/index.ts';
import type { RouteParts, Server } from '../../api.types.ts';
import { write } from '../../write.ts';
import { readable } from './article-access.ts';
import { faxView, modem } from './fax-sendings.ts';

/** An article in writing, for whoever asks an agent for it. */
export function articleFaxRoutes(server: Server, parts: RouteParts, faxes?: Faxes): void {
  const { db, clock } = parts;
  write(server, parts, 'POST /articles/:id/fax', {
    async before({ request, member }) {
      const article = await readable(db, member, request.params.id);
      if (article.state !== 'published') throw new ArticleNotPublicError();
      return { article, sender: await modem(faxes) };
    },
    async work({ request, member, scope, trx, audit, afterwards }, { article, sender }) {
      // It is shown to the far end.
      const did = (await firstHotline(scope, trx, article.estateId)) ?? 'anonymous';
      const about = { articleId: article.id, did, staffId: member.id, callId: null };
      const fax = await addArticleFax(trx, clock, { ...request.body, ...about, key: newId() });
      await audit('fax.requested', fax.id, { articleId: article.id, number: fax.number });
      afterwards(() => sender.soon(fax.id));
      return faxView(fax, [], member);
    },
  });
}
