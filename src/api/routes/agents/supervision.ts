import type { Agents } from '../../../agents/index.ts';
import { areInScope, withoutSites } from '../../../db/index.ts';
import { alarmsIn } from '../../../reporting/index.ts';
import { audit } from '../../../organisation/index.ts';
import { memberOf, scopeOf } from '../../access.ts';
import type { RouteParts, Server } from '../../api.types.ts';
import { command } from '../../commands.ts';
import { route } from '../../route.ts';
import { notFound } from './calls.ts';
import { done } from '../done.ts';

type Acts = Pick<Agents, 'sessions' | 'supervision'>;

/** What supervisors do with other people's calls and seats; listening is in the audit before it happens, the rest once it did. */
export function supervisionRoutes(server: Server, parts: RouteParts, agents: Acts): void {
  callRoutes(server, parts, agents);
  seatRoutes(server, parts, agents);
  alarmRoutes(server, parts, agents);
}

function callRoutes(server: Server, parts: RouteParts, agents: Acts): void {
  const { db, clock } = parts;
  const acts = withoutSites(db, 'the audit is written for whoever acted');
  command(server, parts, 'PUT /calls/:id/supervision', async (request) => {
    const member = memberOf(request);
    const { mode } = request.body;
    const { id } = request.params;
    await audit(acts, clock, { staffId: member.id, act: `call.${mode}`, subject: id });
    await agents.supervision.begin(id, member.id, mode);
    return done;
  });
  command(server, parts, 'DELETE /calls/:id/supervision', async (request) => {
    const member = memberOf(request);
    await agents.supervision.end(request.params.id, member.id);
    return done;
  });
}

function seatRoutes(server: Server, parts: RouteParts, agents: Acts): void {
  const { db, clock } = parts;
  const acts = withoutSites(db, 'the audit is written for whoever acted');
  command(server, parts, 'PUT /agents/:id/presence', async (request) => {
    const member = memberOf(request);
    const { id } = request.params;
    const { presence, reason } = request.body;
    const { agent } = await agents.sessions.setPresence(
      id,
      presence,
      reason ?? 'supervisor',
      member.displayName,
    );
    await audit(acts, clock, {
      staffId: member.id,
      act: 'agent.presence_forced',
      subject: id,
      details: { presence },
    });
    return agent;
  });
  command(server, parts, 'DELETE /agents/:id/session', async (request) => {
    const member = memberOf(request);
    const { id } = request.params;
    await agents.sessions.leaveSeat(id, true);
    await audit(acts, clock, { staffId: member.id, act: 'agent.logged_out', subject: id });
    return done;
  });
}

function alarmRoutes(server: Server, parts: RouteParts, agents: Acts): void {
  const { db, clock } = parts;
  const acts = withoutSites(db, 'the audit is written for whoever acted');
  route(server, 'GET /alarms', async (request) => {
    const rows = await alarmsIn(scopeOf(request), db);
    const items = rows.map(({ id, estateId: _site, ...row }) => ({
      ...row,
      alarmId: id,
      raisedAt: row.raisedAt.toISOString(),
      acknowledgedAt: row.acknowledgedAt?.toISOString() ?? null,
      clearedAt: row.clearedAt?.toISOString() ?? null,
    }));
    return { items, nextCursor: null };
  });
  command(server, parts, 'POST /alarms/:id/acknowledge', async (request) => {
    const member = memberOf(request);
    const scope = scopeOf(request);
    const isThere = await areInScope(scope, db, 'alarm', [request.params.id]);
    if (!isThere) throw notFound('alarm');
    await agents.supervision.acknowledge(request.params.id, member.displayName);
    await audit(acts, clock, {
      staffId: member.id,
      act: 'alarm.acknowledged',
      subject: request.params.id,
    });
    return done;
  });
}
