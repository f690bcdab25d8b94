import { memberOf, numberFor } from '../access.ts';
import type { ApiParts, Server } from '../api.types.ts';
import { route } from '../route.ts';
import { done } from './done.ts';

/** What agents do in campaigns that connect people with them. */
export function campaignAgentRoutes(server: Server, { outbound }: ApiParts): void {
  if (outbound === undefined) return;
  const { agentWork } = outbound;
  route(server, 'GET /agents/me/campaigns', (request) => agentWork.campaigns(memberOf(request).id));
  route(server, 'POST /campaigns/:id/next-contact', async (request) => {
    const member = memberOf(request);
    const card = await agentWork.next(request.params.id, member.id);
    return { ...card, number: numberFor(member, card.number) };
  });
  route(server, 'POST /campaigns/:id/contacts/:contactId/dial', async (request, reply) => {
    const member = memberOf(request);
    const { id, contactId } = request.params;
    return reply.status(202).send(await agentWork.dial(id, contactId, member.id));
  });
  route(server, 'POST /campaigns/:id/contacts/:contactId/pass-over', async (request) => {
    const member = memberOf(request);
    const { id, contactId } = request.params;
    await agentWork.passOver(id, contactId, member.id);
    return done;
  });
  cardRoutes(server, agentWork);
}

type AgentWork = NonNullable<ApiParts['outbound']>['agentWork'];

/** Script and form while they talk, and what came of it. */
function cardRoutes(server: Server, agentWork: AgentWork): void {
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
  route(server, 'PUT /campaign-calls/:id/outcome', async (request) => {
    const member = memberOf(request);
    await agentWork.write(request.params.id, request.body, member.id);
    return done;
  });
}
