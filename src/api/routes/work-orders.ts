import { type Db, inScope, Scope, type WorkOrder, type WorkOrderState } from '../../db/index.ts';
import { audit, can, type Member } from '../../organisation/index.ts';
import {
  editOrder,
  moveOrder,
  nextStates,
  noteOrder,
  raiseForStaff,
  WorkOrderNotFoundError,
  type Actor,
} from '../../workorders/index.ts';
import { memberOf, numberFor, scopeOf } from '../access.ts';
import type { ApiParts, Server } from '../api.types.ts';
import { route } from '../route.ts';
import { pageById } from '../lists.ts';
import { plain } from '../plain.ts';
import { seesSite, SiteError } from '../sites.ts';
import { transact } from '../plugins/idempotency.ts';

export function workOrderRoutes(server: Server, parts: ApiParts): void {
  readRoutes(server, parts);
  raiseRoute(server, parts);
  changeRoutes(server, parts);
}

function readRoutes(server: Server, { db }: ApiParts): void {
  route(server, 'GET /work-orders', async (request) => {
    const member = memberOf(request);
    const { kind, state, roomId, personId, callId } = request.query;
    const page = await pageById(
      request.query,
      (limit, before) => {
        let rows = inScope(db, scopeOf(request), 'workOrder')
          .selectAll()
          .orderBy('id', 'desc')
          .limit(limit);
        if (before !== undefined) rows = rows.where('id', '<', before);
        if (kind !== undefined) rows = rows.where('kind', '=', kind as WorkOrder['kind']);
        if (state !== undefined) rows = rows.where('state', '=', state as WorkOrderState);
        if (roomId !== undefined) rows = rows.where('roomId', '=', roomId);
        if (personId !== undefined) rows = rows.where('personId', '=', personId);
        if (callId !== undefined) rows = rows.where('callId', '=', callId);
        return rows.execute();
      },
      (row) => row,
    );
    return { ...page, items: await present(db, member, page.items) };
  });
  route(server, 'GET /work-orders/:number', async (request) => {
    const member = memberOf(request);
    const row = await inScope(db, scopeOf(request), 'workOrder')
      .selectAll()
      .where('number', '=', request.params.number)
      .executeTakeFirst();
    if (row === undefined) throw new WorkOrderNotFoundError();
    return detail(db, member, row);
  });
}

function raiseRoute(server: Server, { db, clock }: ApiParts): void {
  route(server, 'POST /work-orders', async (request, reply) => {
    const member = memberOf(request);
    void reply.status(201);
    return transact(db, { request, reply }, async (trx) => {
      const made = await raiseForStaff(trx, clock, request.body, actorOf(member).name);
      if (!seesSite(member, made.estateId)) throw new SiteError();
      await audit(trx, clock, {
        ...{ staffId: member.id, act: 'work_order.raised', subject: made.number },
        details: { kind: made.kind },
      });
      return detail(trx, member, made);
    });
  });
}

function changeRoutes(server: Server, { db, clock }: ApiParts): void {
  route(server, 'POST /work-orders/:number/transitions', async (request, reply) => {
    const member = memberOf(request);
    const { number } = request.params;
    const { note = '', ...move } = request.body;
    return transact(db, { request, reply }, async (trx) => {
      await mustSee(trx, member, number);
      const actor = actorOf(member);
      const moved = await moveOrder(trx, clock, actor, { number, note, ...move });
      const entry = { staffId: member.id, act: 'work_order.moved', subject: number };
      await audit(trx, clock, { ...entry, details: { to: move.to } });
      return detail(trx, member, moved);
    });
  });
  route(server, 'POST /work-orders/:number/notes', async (request, reply) => {
    const member = memberOf(request);
    const { number } = request.params;
    void reply.status(201);
    return transact(db, { request, reply }, async (trx) => {
      await mustSee(trx, member, number);
      const order = { number, ...request.body };
      await audit(trx, clock, { staffId: member.id, act: 'work_order.noted', subject: number });
      return detail(trx, member, await noteOrder(trx, clock, actorOf(member), order));
    });
  });
  route(server, 'PATCH /work-orders/:number', async (request, reply) => {
    const member = memberOf(request);
    const { number } = request.params;
    return transact(db, { request, reply }, async (trx) => {
      await mustSee(trx, member, number);
      const order = { number, ...request.body };
      await audit(trx, clock, { staffId: member.id, act: 'work_order.edited', subject: number });
      return detail(trx, member, await editOrder(trx, clock, actorOf(member), order));
    });
  });
}

/** An order of a site that is not theirs does not exist for them. */
async function mustSee(db: Db, member: Member, number: string): Promise<void> {
  if (member.siteIds === null) return;
  const row = await inScope(db, Scope.of(member), 'workOrder')
    .select('id')
    .where('number', '=', number)
    .executeTakeFirst();
  if (row === undefined) throw new WorkOrderNotFoundError();
}

function actorOf(member: Member): Actor {
  const by = can(member.role, 'orders.decide') ? 'supervisor' : 'staff';
  return { name: `staff:${member.id}`, by };
}

async function detail(db: Db, member: Member, row: WorkOrder) {
  const events = await db
    .selectFrom('workOrderEvent')
    .select(['kind', 'fromState', 'toState', 'actor', 'note', 'changes', 'at'])
    .where('workOrderId', '=', row.id)
    .orderBy('at')
    .orderBy('id')
    .execute();
  const [item] = await present(db, member, [row]);
  if (item === undefined) throw new WorkOrderNotFoundError();
  return { ...item, events: plain(events), nextStates: nextStates(row, actorOf(member).by) };
}

async function present(db: Db, member: Member, rows: readonly WorkOrder[]) {
  const scope = Scope.of(member);
  const recordings =
    rows.length === 0
      ? []
      : await inScope(db, scope, 'recording')
          .select(['id', 'workOrderId', 'purpose', 'durationMs', 'missingMs'])
          .where(
            'workOrderId',
            'in',
            rows.map((row) => row.id),
          )
          .execute();
  const roomIds = rows.flatMap(({ roomId }) => (roomId === null ? [] : [roomId]));
  const rooms =
    roomIds.length === 0
      ? []
      : await inScope(db, scope, 'room')
          .select(['id', 'label'])
          .where('id', 'in', roomIds)
          .execute();
  return rows.map(({ idempotencyKey: _key, ...row }) => ({
    ...plain(row),
    roomLabel: rooms.find((one) => one.id === row.roomId)?.label ?? null,
    contactNumber: numberFor(member, row.contactNumber),
    recordings: recordings
      .filter((one) => one.workOrderId === row.id)
      .map(({ workOrderId: _order, ...one }) => one),
  }));
}
