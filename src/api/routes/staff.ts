import { Type } from 'typebox';
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
} from '../../staff/index.ts';
import { require, tokenOf } from '../access.ts';
import type { ApiParts, Server } from '../api.types.ts';
import {
  AuditPage,
  LoginPage,
  StaffChangeRequest,
  StaffNamePage,
  StaffPage,
  StaffRequest,
  StaffView,
} from '../../contract/staff.ts';
import { pageQuery } from '../../contract/pages.ts';
import type { RealtimeHub } from '../realtime/hub.ts';
import { notFound } from './calls.ts';

const idParams = Type.Object({ id: Type.String({ format: 'uuid' }) });
const tags = ['staff'];

export function staffRoutes(server: Server, parts: ApiParts, hub: RealtimeHub): void {
  const { db, clock } = parts;
  server.get(
    '/staff',
    { schema: { summary: 'Accounts', tags, response: { 200: StaffPage } } },
    async (request) => {
      const { siteIds } = require(request, 'staff.manage');
      return { items: (await staffList(db, siteIds)).map(staffView), nextCursor: null };
    },
  );
  server.get(
    '/staff-names',
    { schema: { summary: 'What staff are called', tags, response: { 200: StaffNamePage } } },
    async (request) => {
      const { siteIds } = require(request, 'data.read');
      return { items: await staffNames(db, siteIds), nextCursor: null };
    },
  );
  server.post(
    '/staff',
    {
      schema: {
        summary: 'Make an account',
        tags,
        body: StaffRequest,
        response: { 201: StaffView },
      },
    },
    async (request, reply) => {
      const member = require(request, 'staff.manage');
      const { confirm, ...account } = request.body;
      if (account.role === 'admin') await confirmOwn(parts, member, confirm);
      return reply.status(201).send(staffView(await addStaff(db, clock, member, account)));
    },
  );
  server.patch(
    '/staff/:id',
    {
      schema: {
        summary: 'Change an account; lost rights end its sessions',
        tags,
        params: idParams,
        body: StaffChangeRequest,
        response: { 200: StaffView },
      },
    },
    async (request) => {
      const member = require(request, 'staff.manage');
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
    },
  );
  sessionsRoutes(server, parts, hub);
  auditRoutes(server, parts);
}

function sessionsRoutes(server: Server, { db, clock }: ApiParts, hub: RealtimeHub): void {
  server.get(
    '/sessions',
    {
      schema: {
        summary: "Who is logged in: one's own sessions, or all",
        tags,
        response: { 200: LoginPage },
      },
    },
    async (request) => {
      const member = require(request, 'data.read');
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
    },
  );
  server.delete(
    '/sessions/:id',
    {
      schema: {
        summary: 'End a session',
        tags,
        params: idParams,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      const member = require(request, 'data.read');
      const of = can(member.role, 'staff.manage') ? undefined : member.id;
      const ended = await endSession(db, clock, {
        ...{ id: request.params.id, actor: member.id, of, sites: member.siteIds },
      });
      if (ended === undefined) throw notFound('session');
      hub.disconnect(ended);
      return reply.status(204).send(null);
    },
  );
}

function auditRoutes(server: Server, { db }: ApiParts): void {
  server.get(
    '/audit',
    {
      schema: {
        summary: 'Sensitive acts, newest first',
        tags,
        response: { 200: AuditPage },
        querystring: Type.Object({
          ...pageQuery,
          staffId: Type.Optional(Type.String({ format: 'uuid' })),
          act: Type.Optional(Type.String({ maxLength: 60 })),
          subject: Type.Optional(Type.String({ maxLength: 100 })),
          from: Type.Optional(Type.String({ format: 'date-time' })),
          to: Type.Optional(Type.String({ format: 'date-time' })),
        }),
      },
    },
    async (request) => {
      const reader = require(request, 'audit.read');
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
    },
  );
}

function staffView({ lockedUntil, createdAt, ...one }: Awaited<ReturnType<typeof addStaff>>) {
  return {
    ...one,
    lockedUntil: lockedUntil?.toISOString() ?? null,
    createdAt: createdAt.toISOString(),
  };
}
