import { queueList, type Agents } from '../../../agents/index.ts';
import { withoutSites } from '../../../db/index.ts';
import type { RouteParts, Server } from '../../api.types.ts';
import { route } from '../../route.ts';
import { write } from '../../write.ts';
import { done } from '../done.ts';

/** Queues: how callers wait, and for whom. */
export function queueRoutes(
  server: Server,
  parts: RouteParts,
  agents: Pick<Agents, 'queues'>,
): void {
  const db = withoutSites(parts.db, 'queues are of all sites');
  const reread = () => agents.queues.changed();
  route(server, 'GET /queues', async () => ({ items: await queueList(db), nextCursor: null }));
  write(server, parts, 'POST /queues', async ({ request, member, trx, afterwards }) => {
    const { code, ...settings } = request.body;
    const queueId = await agents.queues.within(trx).add(member.id, code, settings);
    afterwards(reread);
    return { queueId };
  });
  write(server, parts, 'PATCH /queues/:id', async ({ request, member, trx, afterwards }) => {
    const { params, body } = request;
    await agents.queues.within(trx).change(member.id, params.id, body);
    afterwards(reread);
    return done;
  });
  write(server, parts, 'DELETE /queues/:id', async ({ request, member, trx, afterwards }) => {
    await agents.queues.within(trx).remove(member.id, request.params.id);
    afterwards(reread);
    return done;
  });
  write(server, parts, 'PUT /queues/:id/members', async ({ request, member, trx, afterwards }) => {
    const { params, body } = request;
    await agents.queues.within(trx).setMembers(member.id, params.id, body.staffIds);
    afterwards(reread);
    return done;
  });
}
