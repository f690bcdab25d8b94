import { Type } from 'typebox';
import { QueueListItem, QueueSettings } from '../contract/queues.ts';
import { pageOf } from '../contract/pages.ts';
import { QueueNotFoundError } from '../../agents/index.ts';
import { audit } from '../../staff/index.ts';
import { require } from '../access.ts';
import type { ApiParts, Server } from '../api.types.ts';
import { Done, done, idParams } from './done.ts';

/** Queues: how callers wait, and for whom. */
export function queueRoutes(server: Server, { db, clock, agents }: ApiParts): void {
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
  server.patch(
    '/queues/:id',
    {
      schema: {
        summary: 'Change a queue',
        response: { 200: Done },
        tags,
        params: idParams,
        body: Type.Partial(QueueSettings),
      },
    },
    async (request) => {
      const member = require(request, 'queues.manage');
      const { id } = request.params;
      const row = await db
        .selectFrom('queue')
        .select('settings')
        .where('id', '=', id)
        .executeTakeFirst();
      if (row === undefined) throw new QueueNotFoundError();
      await audit(db, clock, { staffId: member.id, act: 'queue.changed', subject: id });
      await agents.saveQueue(id, { ...row.settings, ...request.body });
      return done;
    },
  );
}
