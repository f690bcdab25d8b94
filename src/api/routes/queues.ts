import { memberOf } from '../access.ts';
import type { ApiParts, Server } from '../api.types.ts';
import { route } from '../route.ts';
import { done } from './done.ts';

/** Queues: how callers wait, and for whom. */
export function queueRoutes(server: Server, { db, agents }: ApiParts): void {
  route(server, 'GET /queues', async () => {
    const rows = await db.selectFrom('queue').selectAll().orderBy('code').execute();
    const members = await db.selectFrom('queueMember').selectAll().orderBy('place').execute();
    const items = rows.map(({ id, code, settings }) => ({
      queueId: id,
      code,
      ...settings,
      members: members
        .filter((one) => one.queueId === id)
        .map(({ staffId, place }) => ({ staffId, place })),
    }));
    return { items, nextCursor: null };
  });
  route(server, 'POST /queues', async (request, reply) => {
    const member = memberOf(request);
    const { code, ...settings } = request.body;
    const queueId = await agents.queues.add(member.id, code, settings);
    return reply.status(201).send({ queueId });
  });
  route(server, 'PATCH /queues/:id', async (request) => {
    const member = memberOf(request);
    await agents.queues.change(member.id, request.params.id, request.body);
    return done;
  });
  route(server, 'DELETE /queues/:id', async (request) => {
    const member = memberOf(request);
    await agents.queues.remove(member.id, request.params.id);
    return done;
  });
  route(server, 'PUT /queues/:id/members', async (request) => {
    const member = memberOf(request);
    await agents.queues.setMembers(member.id, request.params.id, request.body.staffIds);
    return done;
  });
}
