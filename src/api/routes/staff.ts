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
} from '../../organisation/index.ts';
import { memberOf, tokenOf } from '../access.ts';
import type { ApiParts, Server } from '../api.types.ts';
import { route } from '../route.ts';
import type { RealtimeHub } from '../realtime/hub.ts';
import { notFound } from './calls.ts';

export function staffRoutes(server: Server, parts: ApiParts, hub: RealtimeHub): void {
  const { db, clock } = parts;
  route(server, 'GET /staff', async (request) => {
    const { siteIds } = memberOf(request);
    return { items: (await staffList(db, siteIds)).map(staffView), nextCursor: null };
  });
  route(server, 'GET /staff-names', async (request) => {
    const { siteIds } = memberOf(request);
    return { items: await staffNames(db, siteIds), nextCursor: null };
  });
  route(server, 'POST /staff', async (request, reply) => {
    const member = memberOf(request);
    const { confirm, ...account } = request.body;
    if (account.role === 'admin') await confirmOwn(parts, member, confirm);
    return reply.status(201).send(staffView(await addStaff(db, clock, member, account)));
  });
  route(server, 'PATCH /staff/:id', async (request) => {
    const member = memberOf(request);
    const { id } = request.params;
    const { confirm, ...change } = request.body;
    const isOwn = id === member.id;
    // One's own are refused, or changed elsewhere.
    if (!isOwn && (await needsConfirming(db, id, change))) {
      await confirmOwn(parts, member, confirm);
    }
    const changed = await changeStaff(db, clock, member, id, change);
    // Screens come back with the new rights, or not at all.
    hub.disconnect(id);
    return staffView(changed);
  });
  sessionsRoutes(server, parts, hub);
  auditRoutes(server, parts);
}

function sessionsRoutes(server: Server, { db, clock }: ApiParts, hub: RealtimeHub): void {
  route(server, 'GET /sessions', async (request) => {
    const member = memberOf(request);
    const staffId = can(member.role, 'staff.manage') ? undefined : member.id;
    const token = tokenOf(request) ?? '';
    const sessions = await sessionList(db, clock, {
      ...{ staffId, token, own: member.id, sites: member.siteIds },
    });
    const items = sessions.map(({ createdAt, expiresAt, ...one }) => ({
      ...one,
      createdAt: createdAt.toISOString(),
      expiresAt: expiresAt.toISOString(),
    }));
    return { items, nextCursor: null };
  });
  route(server, 'DELETE /sessions/:id', async (request, reply) => {
    const member = memberOf(request);
    const of = can(member.role, 'staff.manage') ? undefined : member.id;
    const ended = await endSession(db, clock, {
      ...{ id: request.params.id, actor: member.id, of, sites: member.siteIds },
    });
    if (ended === undefined) throw notFound('session');
    hub.disconnect(ended);
    return reply.status(204).send(null);
  });
}

function auditRoutes(server: Server, { db }: ApiParts): void {
  route(server, 'GET /audit', async (request) => {
    const reader = memberOf(request);
    const { from, to, ...filter } = request.query;
    const { items, nextCursor } = await auditList(db, {
      ...filter,
      reader,
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
