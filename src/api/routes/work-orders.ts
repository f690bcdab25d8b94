import { Type } from 'typebox';
import type { Db, WorkOrder } from '../../db/index.ts';
import type { Member } from '../../staff/index.ts';
import { numberFor, require } from '../access.ts';
import type { ApiParts, Server } from '../api.types.ts';
import { pageById, pageQuery } from '../lists.ts';
import { notFound } from './calls.ts';

const query = Type.Object({
  ...pageQuery,
  kind: Type.Optional(Type.String({ maxLength: 40 })),
  state: Type.Optional(Type.String({ maxLength: 40 })),
  roomId: Type.Optional(Type.String({ format: 'uuid' })),
  callId: Type.Optional(Type.String({ format: 'uuid' })),
});

export function workOrderRoutes(server: Server, { db }: ApiParts): void {
  server.get(
    '/work-orders',
    { schema: { summary: 'Work orders, newest first', tags: ['work orders'], querystring: query } },
    async (request) => {
      const member = require(request, 'data.read');
      const { kind, state, roomId, callId } = request.query;
      const page = await pageById(
        request.query,
        (limit, before) => {
          let rows = db.selectFrom('workOrder').selectAll().orderBy('id', 'desc').limit(limit);
          if (before !== undefined) rows = rows.where('id', '<', before);
          if (kind !== undefined) rows = rows.where('kind', '=', kind as WorkOrder['kind']);
          if (state !== undefined) rows = rows.where('state', '=', state as WorkOrder['state']);
          if (roomId !== undefined) rows = rows.where('roomId', '=', roomId);
          if (callId !== undefined) rows = rows.where('callId', '=', callId);
          return rows.execute();
        },
        (row) => row,
      );
      return { ...page, items: await present(db, member, page.items) };
    },
  );
  server.get(
    '/work-orders/:number',
    {
      schema: {
        summary: 'A work order by its spoken number, with what happened',
        tags: ['work orders'],
        params: Type.Object({ number: Type.String({ pattern: '^\\d{6}-\\d{4,}$' }) }),
      },
    },
    async (request) => {
      const member = require(request, 'data.read');
      const row = await db
        .selectFrom('workOrder')
        .selectAll()
        .where('number', '=', request.params.number)
        .executeTakeFirst();
      if (row === undefined) throw notFound('work_order');
      const events = await db
        .selectFrom('workOrderEvent')
        .select(['fromState', 'toState', 'actor', 'note', 'at'])
        .where('workOrderId', '=', row.id)
        .orderBy('at')
        .execute();
      const [item] = await present(db, member, [row]);
      return { ...item, events };
    },
  );
}

async function present(db: Db, member: Member, rows: readonly WorkOrder[]) {
  const recordings =
    rows.length === 0
      ? []
      : await db
          .selectFrom('recording')
          .select(['id', 'workOrderId', 'purpose', 'durationMs'])
          .where(
            'workOrderId',
            'in',
            rows.map((row) => row.id),
          )
          .execute();
  return rows.map(({ idempotencyKey: _key, ...row }) => ({
    ...row,
    contactNumber: numberFor(member, row.contactNumber),
    recordings: recordings
      .filter((one) => one.workOrderId === row.id)
      .map(({ workOrderId: _order, ...one }) => one),
  }));
}
