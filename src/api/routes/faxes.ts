import { createReadStream, type ReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { Type } from 'typebox';
import { faxInSites, parsePage, toPage } from '../../db/index.ts';
import { audit } from '../../staff/index.ts';
import { require } from '../access.ts';
import type { ApiParts, Server } from '../api.types.ts';
import { FaxPage, FaxQuery } from '../../contract/faxes.ts';
import { plain } from '../plain.ts';
import { notFound } from './calls.ts';

const Document = Type.Unsafe<ReadStream>({ type: 'string', format: 'binary' });

export function faxRoutes(server: Server, { db, clock, faxesDir }: ApiParts): void {
  server.get(
    '/faxes',
    {
      schema: {
        summary: 'Faxes received, newest first',
        tags: ['faxes'],
        querystring: FaxQuery,
        response: { 200: FaxPage },
      },
    },
    async (request) => {
      const { siteIds } = require(request, 'recordings.play');
      const { limit, after } = parsePage(request.query);
      let query = db
        .selectFrom('fax')
        .selectAll()
        .where(faxInSites(siteIds))
        .orderBy('receivedAt', 'desc')
        .orderBy('id', 'desc')
        .limit(limit + 1);
      if (after !== undefined) {
        query = query.where((where) =>
          where(where.refTuple('receivedAt', 'id'), '<', where.tuple(after.at, after.id)),
        );
      }
      return toPage(
        await query.execute(),
        limit,
        (row) => ({ at: row.receivedAt, id: row.id }),
        (row) => plain(row),
      );
    },
  );
  server.get(
    '/faxes/:id/document',
    {
      schema: {
        summary: 'The pages as PDF; each reading is audited',
        tags: ['faxes'],
        params: Type.Object({ id: Type.String({ format: 'uuid' }) }),
        response: { 200: Document },
      },
    },
    async (request, reply) => {
      const member = require(request, 'recordings.play');
      const row = await db
        .selectFrom('fax')
        .select('id')
        .where('id', '=', request.params.id)
        .executeTakeFirst();
      if (row === undefined) throw notFound('fax');
      const file = path.join(faxesDir, `${row.id}.pdf`);
      const { size } = await stat(file).catch(() => {
        throw notFound('fax');
      });
      await audit(db, clock, { staffId: member.id, act: 'fax.read', subject: row.id });
      return reply
        .type('application/pdf')
        .header('content-length', size)
        .send(createReadStream(file));
    },
  );
}
