import {
  addCode,
  agentList,
  changeCode,
  codeList,
  setSkills,
  type CodeList,
} from '../../../organisation/index.ts';
import { withoutSites } from '../../../db/index.ts';
import { scopeOf } from '../../access.ts';
import type { RouteParts, Server } from '../../api.types.ts';
import { route } from '../../route.ts';
import { write } from '../../write.ts';

const lists = {
  '/skills': 'skill',
  '/break-reasons': 'breakReason',
  '/wrap-up-reasons': 'wrapUpReason',
} as const satisfies Readonly<Record<string, CodeList>>;

/** Skills, reasons, and who can do what. */
export function codeRoutes(server: Server, parts: RouteParts): void {
  const paths = Object.keys(lists) as (keyof typeof lists)[];
  for (const path of paths) oneList(server, parts, path, lists[path]);
  const { db, clock } = parts;
  route(server, 'GET /agents', async (request) => {
    return { items: await agentList(scopeOf(request), db), nextCursor: null };
  });
  write(server, parts, 'PUT /agents/:staffId/skills', async ({ request, member, trx }) => {
    await setSkills(trx, clock, member.id, request.params.staffId, request.body.skills);
    return null;
  });
}

function oneList(
  server: Server,
  parts: RouteParts,
  path: keyof typeof lists,
  list: CodeList,
): void {
  const { clock } = parts;
  const db = withoutSites(parts.db, 'codes are of all sites');
  route(server, `GET ${path}`, async () => ({ items: await codeList(db, list), nextCursor: null }));
  write(server, parts, `POST ${path}`, ({ request, member, trx }) => {
    const { isActive = true, ...code } = request.body;
    return addCode(trx, clock, member.id, list, { ...code, isActive });
  });
  write(server, parts, `PATCH ${path}/:code`, ({ request, member, trx }) =>
    changeCode(trx, clock, member.id, list, request.params.code, request.body),
  );
}
