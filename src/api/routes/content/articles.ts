import { changesBetween } from '../../../core/changes.ts';
import {
  addArticle,
  articleOf,
  articlesPage,
  changeArticle,
  moveArticle,
} from '../../../content/index.ts';
import type { ArticleRow } from '../../../db/index.ts';
import type { Member } from '../../../organisation/index.ts';
import { memberOf, require, scopeOf } from '../../access.ts';
import type { RouteParts, Server } from '../../api.types.ts';
import { route } from '../../route.ts';
import type { ArticleView } from '../../../contract/articles.ts';
import { pageById } from '../../lists.ts';
import { plain } from '../../plain.ts';
import { SiteError } from '../../sites.ts';
import { write } from '../../write.ts';
import { readable, seesDrafts } from './article-access.ts';

/** Information for callers: agents read what is public, the office writes, supervisors publish. */
export function articleRoutes(server: Server, parts: RouteParts): void {
  readRoutes(server, parts);
  writeRoutes(server, parts);
  moveRoutes(server, parts);
}

function readRoutes(server: Server, { db }: RouteParts): void {
  route(server, 'GET /articles', async (request) => {
    const member = memberOf(request);
    const { estateId, topic, state, q, ...page } = request.query;
    const filter = {
      ...{ topic, q, state: seesDrafts(member) ? state : 'published' },
      estateId: estateId === 'all' ? null : estateId,
    } as const;
    if (!seesDrafts(member) && state !== undefined && state !== 'published') {
      return { items: [], nextCursor: null };
    }
    return pageById(
      page,
      (limit, before) => articlesPage(scopeOf(request), db, filter, limit, before),
      view,
    );
  });
  route(server, 'GET /articles/:id', async (request) => {
    const member = memberOf(request);
    return view(await readable(db, member, request.params.id));
  });
}

function writeRoutes(server: Server, parts: RouteParts): void {
  const { db, clock } = parts;
  write(server, parts, 'POST /articles', async ({ request, member, trx, audit }) => {
    checkSite(member, request.body.estateId);
    const { title, body, ...rest } = request.body;
    const words = { ...rest, ...titleOf(title), ...bodyOf(body) };
    const added = await addArticle(trx, { clock, staffId: member.id }, words);
    await audit('article.added', added.id, { topic: added.topic, estateId: added.estateId });
    return view(added);
  });
  write(server, parts, 'PATCH /articles/:id', {
    async work({ request, member, scope, trx, audit }) {
      const { id } = request.params;
      const before = await articleOf(scope, trx, id);
      checkSite(member, before.estateId);
      const { expectedVersion, title, body, ...rest } = request.body;
      if (rest.estateId !== undefined) checkSite(member, rest.estateId);
      if (before.state === 'published') require(request, 'articles.publish');
      const change = {
        ...{ id, expectedVersion, ...rest },
        ...(title === undefined ? {} : titleOf(title)),
        ...(body === undefined ? {} : bodyOf(body)),
      };
      const changed = await changeArticle(trx, { clock, staffId: member.id }, change);
      // Judged by what was locked and changed: somebody may have published it in between.
      if (changed.state === 'published') require(request, 'articles.publish');
      const fields = Object.keys(request.body).filter((one) => one !== 'expectedVersion');
      const words = title === undefined ? {} : titleOf(title);
      const changes = changesBetween(before, { ...rest, ...words });
      await audit('article.changed', id, { version: changed.version, fields, changes });
      return view(changed);
    },
    present: async ({ request, scope }) => view(await articleOf(scope, db, request.params.id)),
  });
}

const moves = {
  'POST /articles/:id/publish': 'published',
  'POST /articles/:id/withdraw': 'withdrawn',
} as const;

function moveRoutes(server: Server, parts: RouteParts): void {
  const { db, clock } = parts;
  for (const key of Object.keys(moves) as (keyof typeof moves)[]) {
    const to = moves[key];
    write(server, parts, key, {
      async work({ request, member, scope, trx, audit }) {
        const { id } = request.params;
        const before = await articleOf(scope, trx, id);
        checkSite(member, before.estateId);
        const by = { clock, staffId: member.id };
        const moved = await moveArticle(trx, by, { id, to, ...request.body });
        const changes = changesBetween(before, { state: moved.state });
        await audit(`article.${to}`, id, { version: moved.version, changes });
        return view(moved);
      },
      present: async ({ request, scope }) => view(await articleOf(scope, db, request.params.id)),
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
