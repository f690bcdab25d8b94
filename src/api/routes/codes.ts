import {
  addCode,
  agentList,
  changeCode,
  codeList,
  setSkills,
  type CodeList,
} from '../../organisation/index.ts';
import { memberOf } from '../access.ts';
import type { ApiParts, Server } from '../api.types.ts';
import { route } from '../route.ts';

const lists = {
  '/skills': 'skill',
  '/break-reasons': 'breakReason',
  '/wrap-up-reasons': 'wrapUpReason',
} as const satisfies Readonly<Record<string, CodeList>>;

/** Skills, reasons, and who can do what. */
export function codeRoutes(server: Server, parts: ApiParts): void {
  const paths = Object.keys(lists) as (keyof typeof lists)[];
  for (const path of paths) oneList(server, parts, path, lists[path]);
  const { db, clock } = parts;
  route(server, 'GET /agents', async (request) => {
    const { siteIds } = memberOf(request);
    return { items: await agentList(db, siteIds), nextCursor: null };
  });
  route(server, 'PUT /agents/:staffId/skills', async (request, reply) => {
    const member = memberOf(request);
    await setSkills(db, clock, member.id, request.params.staffId, request.body.skills);
    return reply.status(204).send(null);
  });
}

function oneList(
  server: Server,
  { db, clock }: ApiParts,
  path: keyof typeof lists,
  list: CodeList,
): void {
  route(server, `GET ${path}`, async () => ({ items: await codeList(db, list), nextCursor: null }));
  route(server, `POST ${path}`, async (request, reply) => {
    const { isActive = true, ...code } = request.body;
    const { id } = memberOf(request);
    return reply.status(201).send(await addCode(db, clock, id, list, { ...code, isActive }));
  });
  route(server, `PATCH ${path}/:code`, (request) =>
    changeCode(db, clock, memberOf(request).id, list, request.params.code, request.body),
  );
}
