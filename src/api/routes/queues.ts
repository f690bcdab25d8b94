import { Type } from 'typebox';
import {
  QueueListItem,
  QueueMembersRequest,
  QueueRequest,
  QueueSettings,
} from '../../contract/queues.ts';
import { Uuid } from '../../contract/fields.ts';
import { pageOf } from '../../contract/pages.ts';
import { require } from '../access.ts';
import type { ApiParts, Server } from '../api.types.ts';
import { Done, done, idParams } from './done.ts';

/** Queues: how callers wait, and for whom. */
export function queueRoutes(server: Server, { db, agents }: ApiParts): void {
  const tags = ['queues'];
  server.get(
    '/queues',
    { schema: { summary: 'Queues', response: { 200: pageOf(QueueListItem) }, tags } },
    async (request) => {
      require(request, 'data.read');
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
    },
  );
  server.post(
    '/queues',
    {
      schema: {
        summary: 'A new queue; nobody serves it yet',
        response: { 201: Type.Object({ queueId: Uuid }) },
        tags,
        body: QueueRequest,
      },
    },
    async (request, reply) => {
      const member = require(request, 'queues.manage');
      const { code, ...settings } = request.body;
      const queueId = await agents.addQueue(member.id, code, settings);
      return reply.status(201).send({ queueId });
    },
  );
  server.patch(
    '/queues/:id',
    {
      schema: {
        summary: 'Change a queue; counts at once',
        response: { 200: Done },
        tags,
        params: idParams,
        body: Type.Partial(QueueSettings),
      },
    },
    async (request) => {
      const member = require(request, 'queues.manage');
      await agents.changeQueue(member.id, request.params.id, request.body);
      return done;
    },
  );
  server.delete(
    '/queues/:id',
    {
      schema: {
        summary: 'Remove a queue in which nobody has ever waited',
        response: { 200: Done },
        tags,
        params: idParams,
      },
    },
    async (request) => {
      const member = require(request, 'queues.manage');
      await agents.removeQueue(member.id, request.params.id);
      return done;
    },
  );
  server.put(
    '/queues/:id/members',
    {
      schema: {
        summary: 'Who serves a queue, whole, in the order of top_down',
        response: { 200: Done },
        tags,
        params: idParams,
        body: QueueMembersRequest,
      },
    },
    async (request) => {
      const member = require(request, 'queues.manage');
      await agents.setQueueMembers(member.id, request.params.id, request.body.staffIds);
      return done;
    },
  );
}
