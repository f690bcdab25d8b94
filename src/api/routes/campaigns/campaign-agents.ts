import type { Outbound } from '../../../outbound/index.ts';
import { memberOf, numberFor } from '../../access.ts';
import type { RouteParts, Server } from '../../api.types.ts';
import { command } from '../../commands.ts';
import { route } from '../../route.ts';
import { write } from '../../write.ts';
import { done } from '../done.ts';

type AgentWork = Outbound['agentWork'];

/** What agents do in campaigns that connect people with them. */
export function campaignAgentRoutes(server: Server, parts: RouteParts, agentWork: AgentWork): void {
  route(server, 'GET /agents/me/campaigns', (request) => agentWork.campaigns(memberOf(request).id));
  write(server, parts, 'POST /campaigns/:id/next-contact', async ({ request, member, trx }) => {
    const card = await agentWork.within(trx).next(request.params.id, member.id);
    return { ...card, number: numberFor(member, card.number) };
  });
  command(server, parts, 'POST /campaigns/:id/contacts/:contactId/dial', async (request, reply) => {
    const member = memberOf(request);
    const { id, contactId } = request.params;
    return reply.status(202).send(await agentWork.dial(id, contactId, member.id));
  });
  write(
    server,
    parts,
    'POST /campaigns/:id/contacts/:contactId/pass-over',
    async ({ request, member, trx }) => {
      const { id, contactId } = request.params;
      await agentWork.within(trx).passOver(id, contactId, member.id);
      return done;
    },
  );
  cardRoutes(server, parts, agentWork);
}

/** Script and form while they talk, and what came of it. */
function cardRoutes(server: Server, parts: RouteParts, agentWork: AgentWork): void {
  route(server, 'GET /campaign-calls/:id', async (request) => {
    const member = memberOf(request);
    const card = await agentWork.card(request.params.id, member.id);
    return { ...card, number: numberFor(member, card.number) };
  });
  route(server, 'GET /calls/:id/campaign-card', async (request) => {
    const member = memberOf(request);
    const card = await agentWork.cardIfAny(request.params.id, member.id);
    return {
      card: card === null ? null : { ...card, number: numberFor(member, card.number) },
    };
  });
  write(
    server,
    parts,
    'PUT /campaign-calls/:id/outcome',
    async ({ request, member, trx, audit }) => {
      const { id } = request.params;
      await agentWork.within(trx).write(id, request.body, member.id);
      const { disposition, callAgainAt = null } = request.body;
      await audit('campaign.outcome_written', id, { disposition, callAgainAt });
      return done;
    },
  );
}
