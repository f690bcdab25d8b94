import { AgentView, PresenceRequest, SuperviseRequest } from '../../contract/agents.ts';
import { pageOf } from '../../contract/pages.ts';
import { AlarmView } from '../../contract/realtime.ts';
import { areInSites } from '../../db/index.ts';
import { audit } from '../../staff/index.ts';
import { require } from '../access.ts';
import type { ApiParts, Server } from '../api.types.ts';
import { notFound } from './calls.ts';
import { Done, done, idParams } from './done.ts';

const tags = ['supervision'];

/** What supervisors do with other people's calls and seats; listening is in the audit before it happens, the rest once it did. */
export function supervisionRoutes(server: Server, parts: ApiParts): void {
  callRoutes(server, parts);
  seatRoutes(server, parts);
  alarmRoutes(server, parts);
}

function callRoutes(server: Server, { db, clock, agents }: ApiParts): void {
  server.put(
    '/calls/:id/supervision',
    {
      schema: {
        summary: 'Listen, whisper, barge in, take over',
        response: { 200: Done },
        tags,
        params: idParams,
        body: SuperviseRequest,
      },
    },
    async (request) => {
      const member = require(request, 'calls.supervise');
      const { mode } = request.body;
      const { id } = request.params;
      await audit(db, clock, { staffId: member.id, act: `call.${mode}`, subject: id });
      await agents.supervise(id, member.id, mode);
      return done;
    },
  );
  server.delete(
    '/calls/:id/supervision',
    { schema: { summary: 'Stop listening', response: { 200: Done }, tags, params: idParams } },
    async (request) => {
      const member = require(request, 'calls.supervise');
      await agents.stopSupervising(request.params.id, member.id);
      return done;
    },
  );
}

function seatRoutes(server: Server, { db, clock, agents }: ApiParts): void {
  server.put(
    '/agents/:id/presence',
    {
      schema: {
        summary: 'Force a state',
        response: { 200: AgentView },
        tags,
        params: idParams,
        body: PresenceRequest,
      },
    },
    async (request) => {
      const member = require(request, 'calls.supervise');
      const { id } = request.params;
      const { presence, reason } = request.body;
      const { agent } = await agents.setPresence(
        id,
        presence,
        reason ?? 'supervisor',
        member.displayName,
      );
      await audit(db, clock, {
        staffId: member.id,
        act: 'agent.presence_forced',
        subject: id,
        details: { presence },
      });
      return agent;
    },
  );
  server.delete(
    '/agents/:id/session',
    { schema: { summary: 'Log out an agent', response: { 200: Done }, tags, params: idParams } },
    async (request) => {
      const member = require(request, 'calls.supervise');
      const { id } = request.params;
      await agents.leaveSeat(id, true);
      await audit(db, clock, { staffId: member.id, act: 'agent.logged_out', subject: id });
      return done;
    },
  );
}

function alarmRoutes(server: Server, { db, clock, agents }: ApiParts): void {
  server.get(
    '/alarms',
    {
      schema: {
        summary: 'The last 200 alarms, newest first',
        response: { 200: pageOf(AlarmView) },
        tags,
      },
    },
    async (request) => {
      const { siteIds } = require(request, 'wall.read');
      const rows = await db
        .selectFrom('alarm')
        .selectAll()
        .$if(siteIds !== null, (query) =>
          query.where((where) =>
            where.or([where('estateId', 'is', null), where('estateId', 'in', siteIds ?? [])]),
          ),
        )
        .orderBy('raisedAt', 'desc')
        .limit(200)
        .execute();
      const items = rows.map(({ id, estateId: _site, ...row }) => ({
        ...row,
        alarmId: id,
        raisedAt: row.raisedAt.toISOString(),
        acknowledgedAt: row.acknowledgedAt?.toISOString() ?? null,
        clearedAt: row.clearedAt?.toISOString() ?? null,
      }));
      return { items, nextCursor: null };
    },
  );
  server.post(
    '/alarms/:id/acknowledge',
    { schema: { summary: 'I take care of it', response: { 200: Done }, tags, params: idParams } },
    async (request) => {
      const member = require(request, 'wall.read');
      const scope = { sites: member.siteIds, staffId: member.id };
      const isThere = await areInSites(db, 'alarm', [request.params.id], scope);
      if (!isThere) throw notFound('alarm');
      await agents.acknowledge(request.params.id, member.displayName);
      await audit(db, clock, {
        staffId: member.id,
        act: 'alarm.acknowledged',
        subject: request.params.id,
      });
      return done;
    },
  );
}
