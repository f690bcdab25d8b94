import {
  addStaff,
  auditList,
  can,
  changeStaff,
  confirmOwn,
  needsConfirming,
  endSession,
  sessionList,
  staffList,
  staffNames,
} from '../../../organisation/index.ts';
import { withoutSites } from '../../../db/index.ts';
import { actsNamed } from '../../../lookup/index.ts';
import type { Sealer } from '../../../core/seal.ts';
import { askedBy, memberOf, scopeOf, tokenOf } from '../../access.ts';
import type { RouteParts, Server } from '../../api.types.ts';
import { route } from '../../route.ts';
import { write } from '../../write.ts';
import { notFound } from '../agents/calls.ts';

export function staffRoutes(server: Server, parts: RouteParts, sealer: Sealer): void {
  const { db, clock, hub } = parts;
  const own = { clock, sealer, db: withoutSites(db, 'an account is of no site') };
  route(server, 'GET /staff', async (request) => {
    return { items: (await staffList(scopeOf(request), db)).map(staffView), nextCursor: null };
  });
  route(server, 'GET /staff-names', async (request) => {
    return { items: await staffNames(scopeOf(request), db), nextCursor: null };
  });
  write(server, parts, 'POST /staff', {
    before: ({ request: { body }, member }) =>
      body.role === 'admin' ? confirmOwn(own, member, body.confirm) : undefined,
    async work({ request, member, trx }) {
      const { confirm: _shown, ...account } = request.body;
      return staffView(await addStaff(trx, clock, member, account));
    },
  });
  write(server, parts, 'PATCH /staff/:id', {
    async before({ request: { params, body }, member }) {
      const { confirm, ...change } = body;
      // One's own are refused, or changed elsewhere.
      if (params.id === member.id) return;
      if (await needsConfirming(own.db, params.id, change)) await confirmOwn(own, member, confirm);
    },
    async work({ request, member, trx, afterwards }) {
      const { id } = request.params;
      const { confirm: _shown, ...change } = request.body;
      // Screens come back with the new rights, or not at all.
      afterwards(() => hub.disconnect(id));
      return staffView(await changeStaff(trx, clock, member, id, change));
    },
  });
  sessionsRoutes(server, parts);
  auditRoutes(server, parts);
}

function sessionsRoutes(server: Server, parts: RouteParts): void {
  const { db, clock, hub } = parts;
  route(server, 'GET /sessions', async (request) => {
    const member = memberOf(request);
    const staffId = can(member.role, 'staff.manage') ? undefined : member.id;
    const token = tokenOf(request) ?? '';
    const sessions = await sessionList(scopeOf(request), db, clock, { staffId, token });
    const items = sessions.map(({ createdAt, expiresAt, ...one }) => ({
      ...one,
      createdAt: createdAt.toISOString(),
      expiresAt: expiresAt.toISOString(),
    }));
    return { items, nextCursor: null };
  });
  write(
    server,
    parts,
    'DELETE /sessions/:id',
    async ({ request, member, scope, trx, afterwards }) => {
      const of = can(member.role, 'staff.manage') ? undefined : member.id;
      const ended = await endSession(scope, trx, clock, { id: request.params.id, of });
      if (ended === undefined) throw notFound('session');
      afterwards(() => hub.disconnect(ended));
      return null;
    },
  );
}

function auditRoutes(server: Server, { db }: RouteParts): void {
  route(server, 'GET /audit', async (request) => {
    const { from, to, q: _q, ...filter } = request.query;
    const scope = scopeOf(request);
    const asked = askedBy(request);
    const isAsked = asked.q.trim() !== '';
    const { items, nextCursor } = await auditList(scope, db, {
      ...filter,
      ...(isAsked ? { named: await actsNamed(scope, db, asked) } : {}),
      ...(from === undefined ? {} : { from: new Date(from) }),
      ...(to === undefined ? {} : { to: new Date(to) }),
    });
    return {
      items: items.map(({ at, ...one }) => ({ ...one, at: at.toISOString() })),
      nextCursor,
    };
  });
}

function staffView({ lockedUntil, createdAt, ...one }: Awaited<ReturnType<typeof addStaff>>) {
  return {
    ...one,
    lockedUntil: lockedUntil?.toISOString() ?? null,
    createdAt: createdAt.toISOString(),
  };
}
