import { billsPage, buildingsIn, estatesIn, payBill, roomsPage } from '../../property/index.ts';
import { peoplePage } from '../../reporting/index.ts';
import { askedBy, memberOf, numberFor, scopeOf } from '../access.ts';
import type { RouteParts, Server } from '../api.types.ts';
import { route } from '../route.ts';
import { pageById } from '../lists.ts';
import { plain } from '../plain.ts';
import { seesSite } from '../sites.ts';
import { write } from '../write.ts';

export function propertyRoutes(server: Server, parts: RouteParts): void {
  siteRoutes(server, parts);
  billRoutes(server, parts);
  ownerList(server, parts);
}

function siteRoutes(server: Server, { db }: RouteParts): void {
  route(server, 'GET /estates', async (request) => {
    return { items: plain(await estatesIn(scopeOf(request), db)), nextCursor: null };
  });
  route(server, 'GET /buildings', async (request) => {
    const { estateId } = request.query;
    if (!seesSite(memberOf(request), estateId)) return { items: [] };
    return { items: await buildingsIn(scopeOf(request), db, estateId) };
  });
  route(server, 'GET /rooms', (request) =>
    pageById(
      request.query,
      (limit, before) => roomsPage(scopeOf(request), db, request.query, limit, before),
      plain,
    ),
  );
}

function billRoutes(server: Server, parts: RouteParts): void {
  const { db, clock } = parts;
  route(server, 'GET /bills', (request) =>
    pageById(
      request.query,
      (limit, before) => billsPage(scopeOf(request), db, request.query, limit, before),
      plain,
    ),
  );
  write(server, parts, 'POST /bills/:id/payments', async ({ request, trx, audit }) => {
    const billId = request.params.id;
    const paid = await payBill(trx, clock, { billId, ...request.body });
    const { id: paymentId, amountFen } = paid.payment;
    await audit('bill.paid', billId, { paymentId, amountFen });
    return plain(paid);
  });
}

function ownerList(server: Server, { db }: RouteParts): void {
  route(server, 'GET /owners', async (request) => {
    const member = memberOf(request);
    const wanted = { estateId: request.query.estateId, asked: askedBy(request) };
    return pageById(
      request.query,
      (limit, before) => peoplePage(scopeOf(request), db, wanted, limit, before),
      ({ numbers, ...row }) => ({
        ...row,
        numbers: (numbers ?? []).map((number) => numberFor(member, number)),
      }),
    );
  });
}
