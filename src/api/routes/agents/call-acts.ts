import type { Agents } from '../../../agents/index.ts';
import { memberOf } from '../../access.ts';
import type { RouteParts, Server } from '../../api.types.ts';
import { command } from '../../commands.ts';
import { done } from '../done.ts';

/** What agents do with a call; read anew for each, as another service may have driven meanwhile. */
type CallActs = Pick<Agents, 'calls' | 'notes'>;

/** What an agent does with their call. */
export function callActRoutes(server: Server, parts: RouteParts, agents: CallActs): void {
  command(server, parts, 'POST /calls', async (request, reply) => {
    const member = memberOf(request);
    return reply.status(201).send(await agents.calls.dial(member.id, request.body));
  });
  for (const [act, run] of Object.entries(plainActs)) {
    command(server, parts, `POST /calls/:id/${act as keyof typeof plainActs}`, async (request) => {
      await run(agents, request.params.id, memberOf(request).id);
      return done;
    });
  }
  command(server, parts, 'POST /calls/:id/transfer', async (request) => {
    await agents.calls.transfer(request.params.id, memberOf(request).id, request.body);
    return done;
  });
  command(server, parts, 'POST /calls/:id/consult', async (request) => {
    await agents.calls.consult(request.params.id, memberOf(request).id, request.body);
    return done;
  });
  command(server, parts, 'POST /calls/:id/wrap-up', async (request) => {
    await agents.notes.wrapUp(request.params.id, memberOf(request).id, request.body);
    return done;
  });
  command(server, parts, 'PUT /calls/:id/draft', async (request) => {
    await agents.notes.saveDraft(request.params.id, memberOf(request).id, request.body);
    return done;
  });
  command(server, parts, 'PUT /calls/:id/person', async (request) => {
    await agents.notes.identify(request.params.id, memberOf(request).id, request.body);
    return done;
  });
}

type Act = (agents: CallActs, callId: string, staffId: string) => Promise<void>;

/** Those that need no more than the call. */
const plainActs = {
  hold: (agents, callId, staffId) => agents.calls.hold(callId, staffId),
  resume: (agents, callId, staffId) => agents.calls.resume(callId, staffId),
  hangup: (agents, callId, staffId) => agents.calls.hangUp(callId, staffId),
  conference: (agents, callId, staffId) => agents.calls.confer(callId, staffId),
  'consult/complete': (agents, callId, staffId) => agents.calls.completeConsult(callId, staffId),
  'consult/cancel': (agents, callId, staffId) => agents.calls.cancelConsult(callId, staffId),
} satisfies Readonly<Record<string, Act>>;
