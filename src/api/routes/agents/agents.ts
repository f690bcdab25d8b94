import type { Agents } from '../../../agents/index.ts';
import type { DeskView } from '../../../contract/agents/agents.ts';
import { can, type Member } from '../../../organisation/index.ts';
import { memberOf } from '../../access.ts';
import type { RouteParts, Server } from '../../api.types.ts';
import { command } from '../../commands.ts';
import { route } from '../../route.ts';
import { maskDesk } from '../../realtime/masking.ts';
import { maskNumber } from '../../realtime/viewer.ts';
import { done } from '../done.ts';

/** An agent's seat, presence and offers; what changes on the desk is told by the socket of events. */
export function agentRoutes(
  server: Server,
  parts: RouteParts,
  agents: Pick<Agents, 'sessions'>,
): void {
  command(server, parts, 'POST /agents/me/session', async (request) => {
    const member = memberOf(request);
    const { phone, number } = request.body;
    return deskFor(member, await agents.sessions.takeSeat(member, phone, number));
  });
  command(server, parts, 'DELETE /agents/me/session', async (request) => {
    const member = memberOf(request);
    await agents.sessions.leaveSeat(member.id);
    return done;
  });
  route(server, 'GET /agents/me', (request) => {
    const member = memberOf(request);
    const desk = agents.sessions.desk(member.id);
    return Promise.resolve({ desk: desk === undefined ? null : deskFor(member, desk) });
  });
  command(server, parts, 'PUT /agents/me/presence', async (request) => {
    const member = memberOf(request);
    const { presence, reason } = request.body;
    return deskFor(member, await agents.sessions.setPresence(member.id, presence, reason));
  });
  command(server, parts, 'POST /offers/:id/decline', async (request) => {
    const member = memberOf(request);
    await agents.sessions.decline(member.id, request.params.id);
    return done;
  });
}

function deskFor(member: Member, desk: DeskView): DeskView {
  return can(member.role, 'numbers.read') ? desk : maskDesk(desk, maskNumber);
}
