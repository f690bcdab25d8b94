import { isPerson, searchTerms } from '../../lookup/index.ts';
import { inScope } from '../../db/index.ts';
import { memberOf, numberFor, scopeOf } from '../access.ts';
import type { ApiParts, Server } from '../api.types.ts';
import { route } from '../route.ts';
import { pageById } from '../lists.ts';
import { plain } from '../plain.ts';
import { seesSite } from '../sites.ts';
import { transact } from '../plugins/idempotency.ts';
import { payBill } from '../../property/index.ts';
import { audit, can } from '../../organisation/index.ts';

export function propertyRoutes(server: Server, parts: ApiParts): void {
  siteRoutes(server, parts);
  billRoutes(server, parts);
  ownerList(server, parts);
}

function siteRoutes(server: Server, { db }: ApiParts): void {
  route(server, 'GET /estates', async (request) => {
    const rows = inScope(db, scopeOf(request), 'estate').selectAll();
    const items = await rows.orderBy('code').execute();
    return { items: plain(items), nextCursor: null };
  });
  route(server, 'GET /buildings', async (request) => {
    const member = memberOf(request);
    if (!seesSite(member, request.query.estateId)) return { items: [] };
    const items = await inScope(db, scopeOf(request), 'building')
      .select(['id', 'number'])
      .where('estateId', '=', request.query.estateId)
      .orderBy((order) => order.fn('length', ['number']))
      .orderBy('number')
      .execute();
    return { items };
  });
  route(server, 'GET /rooms', async (request) => {
    const { estateId, q } = request.query;
    return pageById(
      request.query,
      (limit, before) => {
        let rows = inScope(db, scopeOf(request), 'room')
          .selectAll()
          .orderBy('id', 'desc')
          .limit(limit);
        if (before !== undefined) rows = rows.where('id', '<', before);
        if (estateId !== undefined) rows = rows.where('estateId', '=', estateId);
        if (q !== undefined) rows = rows.where('label', 'like', `%${escapeLike(q)}%`);
        return rows.execute();
      },
      plain,
    );
  });
}

function billRoutes(server: Server, { db, clock }: ApiParts): void {
  route(server, 'GET /bills', async (request) => {
    const { roomId, isUnpaid } = request.query;
    return pageById(
      request.query,
      (limit, before) => {
        let rows = inScope(db, scopeOf(request), 'bill')
          .selectAll()
          .orderBy('id', 'desc')
          .limit(limit);
        if (before !== undefined) rows = rows.where('id', '<', before);
        if (roomId !== undefined) rows = rows.where('roomId', '=', roomId);
        if (isUnpaid === true) rows = rows.whereRef('paidFen', '<', 'amountFen');
        return rows.execute();
      },
      plain,
    );
  });
  route(server, 'POST /bills/:id/payments', async (request, reply) => {
    const member = memberOf(request);
    const billId = request.params.id;
    void reply.status(201);
    return transact(db, { request, reply }, async (trx) => {
      const paid = await payBill(trx, clock, { billId, ...request.body });
      await audit(trx, clock, {
        staffId: member.id,
        act: 'bill.paid',
        subject: billId,
        details: { paymentId: paid.payment.id, amountFen: paid.payment.amountFen },
      });
      return plain(paid);
    });
  });
}

function ownerList(server: Server, { db }: ApiParts): void {
  route(server, 'GET /owners', async (request) => {
    const member = memberOf(request);
    const q = request.query.q?.trim() ?? '';
    return pageById(
      request.query,
      (limit, before) => {
        let rows = inScope(db, scopeOf(request), 'person')
          .select(['id', 'name', 'namePinyin', 'language', 'isVip', 'notes'])
          .select((row) =>
            row
              .selectFrom('personPhone')
              .whereRef('personId', '=', 'person.id')
              .select((of) => of.fn.agg<string[]>('array_agg', ['number']).as('numbers'))
              .as('numbers'),
          )
          .orderBy('id', 'desc')
          .limit(limit);
        if (before !== undefined) rows = rows.where('id', '<', before);
        if (q !== '') {
          rows = rows.where(isPerson(searchTerms(q, can(member.role, 'numbers.read'))));
        }
        return rows.execute();
      },
      ({ numbers, namePinyin: _pinyin, ...row }) => ({
        ...row,
        numbers: (numbers ?? []).map((number) => numberFor(member, number)),
      }),
    );
  });
}

function escapeLike(text: string): string {
  return text.replaceAll(/[\\%_]/g, (char) => `\\${char}`);
}
