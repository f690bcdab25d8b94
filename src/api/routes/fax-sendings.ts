import type { FaxSending, FaxTry } from '../../db/schema.ts';
import { newId } from '../../core/ids.ts';
import { NoModemError } from '../../cti/index.ts';
import { addFax, triesOf } from '../../faxes/index.ts';
import { audit, type Member } from '../../organisation/index.ts';
import { inScope } from '../../db/index.ts';
import { memberOf, numberFor, scopeOf } from '../access.ts';
import type { ApiParts, Server } from '../api.types.ts';
import { route } from '../route.ts';
import { pageById } from '../lists.ts';
import { notFound } from './calls.ts';
import { plain } from '../plain.ts';
import { transact } from '../plugins/idempotency.ts';

export function faxSendingRoutes(server: Server, { db, clock, faxes }: ApiParts): void {
  const view = async (fax: FaxSending, member: Member) =>
    faxView(fax, await triesOf(db, fax.id), member);
  route(server, 'POST /fax-sendings', async (request, reply) => {
    const member = memberOf(request);
    const { id: staffId, siteIds } = member;
    if (faxes === undefined) throw new NoModemError();
    await faxes.check();
    void reply.status(202);
    const body = await transact(db, { request, reply }, async (trx) => {
      const wanted = { ...request.body, staffId, siteIds, callId: null, key: newId() };
      const fax = await addFax(trx, clock, wanted);
      const { id, roomId, number } = fax;
      const details = { roomId, number };
      await audit(trx, clock, { staffId, act: 'fax.requested', subject: id, details });
      return faxView(fax, [], member);
    });
    await faxes.soon(body.id);
    return body;
  });
  route(server, 'GET /fax-sendings', async (request) => {
    const member = memberOf(request);
    const { roomId } = request.query;
    const page = await pageById(
      request.query,
      (limit, before) => {
        let rows = inScope(db, scopeOf(request), 'faxSending')
          .selectAll()
          .orderBy('id', 'desc')
          .limit(limit);
        if (before !== undefined) rows = rows.where('id', '<', before);
        if (roomId !== undefined) rows = rows.where('roomId', '=', roomId);
        return rows.execute();
      },
      (row) => row,
    );
    return { ...page, items: await Promise.all(page.items.map((fax) => view(fax, member))) };
  });
  route(server, 'GET /fax-sendings/:id', async (request) => {
    const row = await inScope(db, scopeOf(request), 'faxSending')
      .selectAll()
      .where('id', '=', request.params.id)
      .executeTakeFirst();
    if (row === undefined) throw notFound('fax');
    return view(row, memberOf(request));
  });
}

/** A fax as the contract has it; its number as `member` may see it. */
export function faxView(
  { key: _key, did: _did, isUrgent: _urgent, ...fax }: FaxSending,
  tries: readonly FaxTry[],
  member: Pick<Member, 'role'>,
) {
  const number = numberFor(member, fax.number);
  return plain({ ...fax, number, tries: tries.map(({ faxId: _faxId, ...one }) => one) });
}
