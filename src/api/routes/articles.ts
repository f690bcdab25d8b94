import {
  addArticle,
  articleOf,
  articlesPage,
  changeArticle,
  moveArticle,
} from '../../content/index.ts';
import type { ArticleRow } from '../../db/index.ts';
import { audit, type Member } from '../../organisation/index.ts';
import { memberOf, require } from '../access.ts';
import type { ApiParts, Server } from '../api.types.ts';
import { route } from '../route.ts';
import type { ArticleView } from '../../contract/articles.ts';
import { pageById } from '../lists.ts';
import { plain } from '../plain.ts';
import { transact } from '../plugins/idempotency.ts';
import { SiteError } from '../sites.ts';
import { readable, seesDrafts } from './article-access.ts';
import { articleFaxRoutes } from './article-faxes.ts';

/** Information for callers: agents read what is public, the office writes, supervisors publish. */
export function articleRoutes(server: Server, parts: ApiParts): void {
  readRoutes(server, parts);
  writeRoutes(server, parts);
  moveRoutes(server, parts);
  articleFaxRoutes(server, parts);
}

function readRoutes(server: Server, { db }: ApiParts): void {
  route(server, 'GET /articles', async (request) => {
    const member = memberOf(request);
    const { estateId, topic, state, q, ...page } = request.query;
    const filter = {
      ...{ topic, q, siteIds: member.siteIds, state: seesDrafts(member) ? state : 'published' },
      estateId: estateId === 'all' ? null : estateId,
    } as const;
    if (!seesDrafts(member) && state !== undefined && state !== 'published') {
      return { items: [], nextCursor: null };
    }
    return pageById(page, (limit, before) => articlesPage(db, filter, limit, before), view);
  });
  route(server, 'GET /articles/:id', async (request) => {
    const member = memberOf(request);
    return view(await readable(db, member, request.params.id));
  });
}

function writeRoutes(server: Server, { db, clock }: ApiParts): void {
  route(server, 'POST /articles', async (request, reply) => {
    const member = memberOf(request);
    const { id: staffId } = member;
    checkSite(member, request.body.estateId);
    void reply.status(201);
    return transact(db, { request, reply }, async (trx) => {
      const { title, body, ...rest } = request.body;
      const words = { ...rest, ...titleOf(title), ...bodyOf(body) };
      const added = await addArticle(trx, { clock, staffId }, words);
      const details = { topic: added.topic, estateId: added.estateId };
      await audit(trx, clock, { staffId, act: 'article.added', subject: added.id, details });
      return view(added);
    });
  });
  route(server, 'PATCH /articles/:id', async (request, reply) => {
    const member = memberOf(request);
    const { id: staffId } = member;
    const { id } = request.params;
    return transact(db, { request, reply }, async (trx) => {
      const before = await articleOf(trx, id, member.siteIds);
      checkSite(member, before.estateId);
      const { expectedVersion, title, body, ...rest } = request.body;
      if (rest.estateId !== undefined) checkSite(member, rest.estateId);
      if (before.state === 'published') require(request, 'articles.publish');
      const change = {
        ...{ id, expectedVersion, ...rest },
        ...(title === undefined ? {} : titleOf(title)),
        ...(body === undefined ? {} : bodyOf(body)),
      };
      const changed = await changeArticle(trx, { clock, staffId }, change);
      // Judged by what was locked and changed: somebody may have published it in between.
      if (changed.state === 'published') require(request, 'articles.publish');
      const fields = Object.keys(request.body).filter((one) => one !== 'expectedVersion');
      const details = { version: changed.version, fields };
      await audit(trx, clock, { staffId, act: 'article.changed', subject: id, details });
      return view(changed);
    });
  });
}

function moveRoutes(server: Server, { db, clock }: ApiParts): void {
  const moves = [
    { path: 'publish', to: 'published' },
    { path: 'withdraw', to: 'withdrawn' },
  ] as const;
  for (const { path, to } of moves) {
    route(server, `POST /articles/:id/${path}`, async (request, reply) => {
      const member = memberOf(request);
      const { id: staffId } = member;
      const { id } = request.params;
      return transact(db, { request, reply }, async (trx) => {
        const before = await articleOf(trx, id, member.siteIds);
        checkSite(member, before.estateId);
        const moved = await moveArticle(trx, { clock, staffId }, { id, to, ...request.body });
        const details = { version: moved.version };
        await audit(trx, clock, { staffId, act: `article.${to}`, subject: id, details });
        return view(moved);
      });
    });
  }
}

/** What all estates hear is written by those who see all of them. */
function checkSite({ siteIds }: Member, estateId: string | null): void {
  if (siteIds === null || (estateId !== null && siteIds.includes(estateId))) return;
  throw new SiteError();
}

const titleOf = (title: ArticleView['title']) => ({ title: title['zh-CN'], titleEn: title.en });
const bodyOf = (body: ArticleView['body']) => ({ body: body['zh-CN'], bodyEn: body.en });

function view({ title, titleEn, body, bodyEn, ...row }: ArticleRow): ArticleView {
  return plain({
    ...row,
    title: { 'zh-CN': title, en: titleEn },
    body: { 'zh-CN': body, en: bodyEn },
  });
}
