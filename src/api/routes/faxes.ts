import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { inScope, parsePage, toPage } from '../../db/index.ts';
import { audit } from '../../organisation/index.ts';
import { memberOf, scopeOf } from '../access.ts';
import type { ApiParts, Server } from '../api.types.ts';
import { route } from '../route.ts';
import { plain } from '../plain.ts';
import { notFound } from './calls.ts';

export function faxRoutes(server: Server, { db, clock, faxesDir }: ApiParts): void {
  route(server, 'GET /faxes', async (request) => {
    const { limit, after } = parsePage(request.query);
    let query = inScope(db, scopeOf(request), 'fax')
      .selectAll()
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
  });
  route(server, 'GET /faxes/:id/document', async (request, reply) => {
    const member = memberOf(request);
    const row = await inScope(db, scopeOf(request), 'fax')
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
  });
}
