import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { parsePage, toPage, withoutSites } from '../../../db/index.ts';
import { isReceivedFaxIn, receivedFaxesPage } from '../../../faxes/index.ts';
import { audit } from '../../../organisation/index.ts';
import { memberOf, scopeOf } from '../../access.ts';
import type { RouteParts, Server } from '../../api.types.ts';
import { route } from '../../route.ts';
import { plain } from '../../plain.ts';
import { notFound } from '../agents/calls.ts';

export function faxRoutes(server: Server, { db, clock }: RouteParts, faxesDir: string): void {
  const acts = withoutSites(db, 'the audit is written for whoever acted');
  route(server, 'GET /faxes', async (request) => {
    const { limit, after } = parsePage(request.query);
    return toPage(
      await receivedFaxesPage(scopeOf(request), db, limit + 1, after),
      limit,
      (row) => ({ at: row.receivedAt, id: row.id }),
      (row) => plain(row),
    );
  });
  route(server, 'GET /faxes/:id/document', async (request, reply) => {
    const member = memberOf(request);
    const { id } = request.params;
    if (!(await isReceivedFaxIn(scopeOf(request), db, id))) throw notFound('fax');
    const file = path.join(faxesDir, `${id}.pdf`);
    const { size } = await stat(file).catch(() => {
      throw notFound('fax');
    });
    await audit(acts, clock, { staffId: member.id, act: 'fax.read', subject: id });
    return reply
      .type('application/pdf')
      .header('content-length', size)
      .send(createReadStream(file));
  });
}
