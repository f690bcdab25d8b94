import type { Hotline } from '../../db/index.ts';
import { changeHotline, hotlinesIn } from '../../property/index.ts';
import { scopeOf } from '../access.ts';
import type { RouteParts, Server } from '../api.types.ts';
import { plain } from '../plain.ts';
import { route } from '../route.ts';
import { write } from '../write.ts';

/** Dialled numbers: their hours, greeting, language and queue. */
export function hotlineRoutes(server: Server, parts: RouteParts): void {
  const { db, clock } = parts;
  route(server, 'GET /hotlines', async (request) => {
    const items = await hotlinesIn(scopeOf(request), db);
    return { items: items.map(view), nextCursor: null };
  });
  write(server, parts, 'PATCH /hotlines/:did', async ({ request, scope, trx, audit }) => {
    const { did } = request.params;
    const { hotline, changes } = await changeHotline(scope, trx, clock, did, request.body);
    await audit('hotline.changed', did, { ...request.body, changes });
    return view(hotline);
  });
}

function view(hotline: Hotline) {
  return plain(hotline);
}
