import { Type } from 'typebox';
import { AppError } from '../../core/errors.ts';
import { numberFor, require } from '../access.ts';
import type { ApiParts, Server } from '../api.types.ts';
import { pageById, pageQuery } from '../lists.ts';

const idParams = Type.Object({ id: Type.String({ format: 'uuid' }) });

export function callRoutes(server: Server, { db }: ApiParts): void {
  server.get(
    '/calls',
    {
      schema: {
        summary: 'Calls, newest first',
        tags: ['calls'],
        querystring: Type.Object(pageQuery),
      },
    },
    async (request) => {
      const member = require(request, 'data.read');
      return pageById(
        request.query,
        (limit, before) =>
          db
            .selectFrom('call')
            .selectAll()
            .$if(before !== undefined, (query) => query.where('id', '<', before ?? ''))
            .orderBy('id', 'desc')
            .limit(limit)
            .execute(),
        (row) => ({ ...row, callerNumber: numberFor(member, row.callerNumber) }),
      );
    },
  );
  server.get(
    '/calls/:id',
    { schema: { summary: 'A call with its timeline', tags: ['calls'], params: idParams } },
    async (request) => {
      const member = require(request, 'data.read');
      const { id } = request.params;
      const call = await db.selectFrom('call').selectAll().where('id', '=', id).executeTakeFirst();
      if (call === undefined) throw notFound('call');
      const events = await db
        .selectFrom('callEvent')
        .select(['seq', 'at', 'kind', 'data'])
        .where('callId', '=', id)
        .orderBy('seq')
        .execute();
      return { ...call, callerNumber: numberFor(member, call.callerNumber), events };
    },
  );
}

export function notFound(what: string): AppError {
  return new AppError({
    code: `${what}.not_found`,
    status: 404,
    message: `There is no such ${what}.`,
  });
}
