import { Type } from 'typebox';
import { isPerson, searchTerms } from '../../agents/index.ts';
import { numberFor, require } from '../access.ts';
import type { ApiParts, Server } from '../api.types.ts';
import {
  BillPage,
  BillQuery,
  EstatePage,
  NewPayment,
  OwnerPage,
  OwnerQuery,
  PaymentResult,
  RoomPage,
  RoomQuery,
} from '../../contract/property.ts';
import { Uuid } from '../../contract/fields.ts';
import { pageQuery } from '../../contract/pages.ts';
import { pageById } from '../lists.ts';
import { plain } from '../plain.ts';
import { seesSite } from '../sites.ts';
import { transact } from '../plugins/idempotency.ts';
import { payBill } from '../../property/index.ts';
import { audit, can } from '../../staff/index.ts';

export function propertyRoutes(server: Server, parts: ApiParts): void {
  siteRoutes(server, parts);
  billRoutes(server, parts);
  ownerList(server, parts);
}

function siteRoutes(server: Server, { db }: ApiParts): void {
  server.get(
    '/estates',
    {
      schema: {
        summary: 'Estates',
        tags: ['property'],
        querystring: Type.Object(pageQuery),
        response: { 200: EstatePage },
      },
    },
    async (request) => {
      const { siteIds } = require(request, 'data.read');
      let rows = db.selectFrom('estate').selectAll().orderBy('code');
      if (siteIds !== null) rows = rows.where('id', 'in', siteIds);
      const items = await rows.execute();
      return { items: plain(items), nextCursor: null };
    },
  );
  server.get(
    '/buildings',
    {
      schema: {
        summary: 'Buildings of an estate',
        tags: ['property'],
        querystring: Type.Object({ estateId: Uuid }),
        response: {
          200: Type.Object({ items: Type.Array(Type.Object({ id: Uuid, number: Type.String() })) }),
        },
      },
    },
    async (request) => {
      const member = require(request, 'data.read');
      if (!seesSite(member, request.query.estateId)) return { items: [] };
      const items = await db
        .selectFrom('building')
        .select(['id', 'number'])
        .where('estateId', '=', request.query.estateId)
        .orderBy((order) => order.fn('length', ['number']))
        .orderBy('number')
        .execute();
      return { items };
    },
  );
  server.get(
    '/rooms',
    {
      schema: {
        summary: 'Rooms',
        tags: ['property'],
        querystring: RoomQuery,
        response: { 200: RoomPage },
      },
    },
    async (request) => {
      const member = require(request, 'data.read');
      const { siteIds } = member;
      const { estateId, q } = request.query;
      return pageById(
        request.query,
        (limit, before) => {
          let rows = db.selectFrom('room').selectAll().orderBy('id', 'desc').limit(limit);
          if (before !== undefined) rows = rows.where('id', '<', before);
          if (estateId !== undefined) rows = rows.where('estateId', '=', estateId);
          if (siteIds !== null) rows = rows.where('estateId', 'in', siteIds);
          if (q !== undefined) rows = rows.where('label', 'like', `%${escapeLike(q)}%`);
          return rows.execute();
        },
        plain,
      );
    },
  );
}

function billRoutes(server: Server, { db, clock }: ApiParts): void {
  server.get(
    '/bills',
    {
      schema: {
        summary: 'Bills',
        tags: ['bills'],
        querystring: BillQuery,
        response: { 200: BillPage },
      },
    },
    async (request) => {
      const { siteIds } = require(request, 'data.read');
      const { roomId, isUnpaid } = request.query;
      return pageById(
        request.query,
        (limit, before) => {
          let rows = db.selectFrom('bill').selectAll().orderBy('id', 'desc').limit(limit);
          if (before !== undefined) rows = rows.where('id', '<', before);
          if (roomId !== undefined) rows = rows.where('roomId', '=', roomId);
          if (siteIds !== null) {
            rows = rows.where('roomId', 'in', (where) =>
              where.selectFrom('room').select('room.id').where('room.estateId', 'in', siteIds),
            );
          }
          if (isUnpaid === true) rows = rows.whereRef('paidFen', '<', 'amountFen');
          return rows.execute();
        },
        plain,
      );
    },
  );
  server.post(
    '/bills/:id/payments',
    {
      schema: {
        summary: 'Take a payment on a bill, at most what is owed',
        tags: ['bills'],
        params: Type.Object({ id: Uuid }),
        body: NewPayment,
        response: { 201: PaymentResult },
      },
    },
    async (request, reply) => {
      const member = require(request, 'bills.write');
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
    },
  );
}

function ownerList(server: Server, { db }: ApiParts): void {
  server.get(
    '/owners',
    {
      schema: {
        summary: 'People by name, pinyin or number',
        tags: ['owners'],
        querystring: OwnerQuery,
        response: { 200: OwnerPage },
      },
    },
    async (request) => {
      const member = require(request, 'data.read');
      const q = request.query.q?.trim() ?? '';
      return pageById(
        request.query,
        (limit, before) => {
          let rows = db
            .selectFrom('person')
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
          const { siteIds } = member;
          if (siteIds !== null) {
            rows = rows.where((where) =>
              where.or([
                where.exists(
                  where
                    .selectFrom('occupancy')
                    .innerJoin('room', 'room.id', 'occupancy.roomId')
                    .select('occupancy.id')
                    .whereRef('occupancy.personId', '=', 'person.id')
                    .where('room.estateId', 'in', siteIds),
                ),
                where.not(
                  where.exists(
                    where
                      .selectFrom('occupancy')
                      .select('occupancy.id')
                      .whereRef('occupancy.personId', '=', 'person.id'),
                  ),
                ),
              ]),
            );
          }
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
    },
  );
}

function escapeLike(text: string): string {
  return text.replaceAll(/[\\%_]/g, (char) => `\\${char}`);
}
