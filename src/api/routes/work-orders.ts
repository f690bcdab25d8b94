import { changesBetween } from '../../core/changes.ts';
import { Scope, type Readable, type WorkOrder } from '../../db/index.ts';
import { can, type Member } from '../../organisation/index.ts';
import {
  editOrder,
  historyOf,
  moveOrder,
  nextStates,
  noteOrder,
  orderIn,
  raiseForStaff,
  withPlaces,
  WorkOrderNotFoundError,
  type Actor,
} from '../../workorders/index.ts';
import { ordersPage, type OrderFilter } from '../../reporting/index.ts';
import { askedBy, memberOf, numberFor, scopeOf } from '../access.ts';
import type { RouteParts, Server } from '../api.types.ts';
import { route } from '../route.ts';
import { pageById } from '../lists.ts';
import { plain } from '../plain.ts';
import { seesSite, SiteError } from '../sites.ts';
import { write } from '../write.ts';

export function workOrderRoutes(server: Server, parts: RouteParts): void {
  readRoutes(server, parts);
  raiseRoute(server, parts);
  changeRoutes(server, parts);
}

function readRoutes(server: Server, { db }: RouteParts): void {
  route(server, 'GET /work-orders', async (request) => {
    const wanted = { ...(request.query as OrderFilter), asked: askedBy(request) };
    const page = await pageById(
      request.query,
      (limit, before) => ordersPage(scopeOf(request), db, wanted, limit, before),
      (row) => row,
    );
    return { ...page, items: await present(db, memberOf(request), page.items) };
  });
  route(server, 'GET /work-orders/:number', async (request) => {
    const order = await orderIn(scopeOf(request), db, request.params.number);
    return detail(db, memberOf(request), order);
  });
}

function raiseRoute(server: Server, parts: RouteParts): void {
  write(server, parts, 'POST /work-orders', async ({ request, member, trx, audit }) => {
    const made = await raiseForStaff(trx, parts.clock, request.body, actorOf(member).name);
    if (!seesSite(member, made.estateId)) throw new SiteError();
    await audit('work_order.raised', made.number, { kind: made.kind });
    return detail(trx, member, made);
  });
}

function changeRoutes(server: Server, parts: RouteParts): void {
  const { db, clock } = parts;
  /** An order that somebody else changed meanwhile. */
  const asItIs = async (scope: Scope, member: Member, number: string) =>
    detail(db, member, await orderIn(scope, db, number));
  write(server, parts, 'POST /work-orders/:number/transitions', {
    async work({ request, member, scope, trx, audit }) {
      const { number } = request.params;
      const { note = '', ...move } = request.body;
      const { state } = await orderIn(scope, trx, number);
      const moved = await moveOrder(trx, clock, actorOf(member), { number, note, ...move });
      await audit('work_order.moved', number, { from: state, to: move.to });
      return detail(trx, member, moved);
    },
    present: ({ scope, member, request }) => asItIs(scope, member, request.params.number),
  });
  write(
    server,
    parts,
    'POST /work-orders/:number/notes',
    async ({ request, member, scope, trx, audit }) => {
      const { number } = request.params;
      await orderIn(scope, trx, number);
      const order = { number, ...request.body };
      await audit('work_order.noted', number);
      return detail(trx, member, await noteOrder(trx, clock, actorOf(member), order));
    },
  );
  write(server, parts, 'PATCH /work-orders/:number', {
    async work({ request, member, scope, trx, audit }) {
      const { number } = request.params;
      const before = await orderIn(scope, trx, number);
      const order = { number, ...request.body };
      const edited = await editOrder(trx, clock, actorOf(member), order);
      const { expectedUpdatedAt: _seen, ...wanted } = request.body;
      const { summary, ...changes } = changesBetween(before, wanted);
      // What was written stands in the order's own history, and has to be forgotten with it.
      const fields = summary === undefined ? [] : ['summary'];
      await audit('work_order.edited', number, { changes, fields });
      return detail(trx, member, edited);
    },
    present: ({ scope, member, request }) => asItIs(scope, member, request.params.number),
  });
}

function actorOf(member: Member): Actor {
  const by = can(member.role, 'orders.decide') ? 'supervisor' : 'staff';
  return { name: `staff:${member.id}`, by };
}

async function detail(db: Readable, member: Member, row: WorkOrder) {
  const events = await historyOf(Scope.of(member), db, row.number);
  const [item] = await present(db, member, [row]);
  if (item === undefined) throw new WorkOrderNotFoundError();
  return { ...item, events: plain(events), nextStates: nextStates(row, actorOf(member).by) };
}

async function present(db: Readable, member: Member, rows: readonly WorkOrder[]) {
  const orders = await withPlaces(Scope.of(member), db, rows);
  return orders.map(({ idempotencyKey: _key, ...row }) => ({
    ...plain(row),
    contactNumber: numberFor(member, row.contactNumber),
  }));
}
