import { Type } from 'typebox';
import { numberFor, require } from '../access.ts';
import type { ApiParts, Server } from '../api.types.ts';
import { AgentCampaigns, AgentCard, NewOutcome } from '../../contract/campaigns.ts';
import { nullable, Uuid } from '../../contract/fields.ts';
import { Done, done } from './done.ts';

const tags = ['campaigns'];
const params = Type.Object({ id: Uuid });
const contactParams = Type.Object({ id: Uuid, contactId: Uuid });

/** What agents do in campaigns that connect people with them. */
export function campaignAgentRoutes(server: Server, { outbound }: ApiParts): void {
  if (outbound === undefined) return;
  const { agentWork } = outbound;
  server.get(
    '/agents/me/campaigns',
    {
      schema: {
        summary: 'Running campaigns of queues that I serve',
        response: { 200: AgentCampaigns },
        tags,
      },
    },
    (request) => agentWork.campaigns(require(request, 'calls.handle').id),
  );
  server.post(
    '/campaigns/:id/next-contact',
    {
      schema: {
        summary: 'Preview: the next person, kept for me for five minutes',
        response: { 200: AgentCard },
        tags,
        params,
      },
    },
    async (request) => {
      const member = require(request, 'calls.handle');
      const card = await agentWork.next(request.params.id, member.id);
      return { ...card, number: numberFor(member, card.number) };
    },
  );
  server.post(
    '/campaigns/:id/contacts/:contactId/dial',
    {
      schema: {
        summary: 'Calls the person whom I looked at; whoever answers is connected with me',
        response: { 202: Type.Object({ callId: Uuid }) },
        tags,
        params: contactParams,
      },
    },
    async (request, reply) => {
      const member = require(request, 'calls.handle');
      const { id, contactId } = request.params;
      return reply.status(202).send(await agentWork.dial(id, contactId, member.id));
    },
  );
  server.post(
    '/campaigns/:id/contacts/:contactId/pass-over',
    {
      schema: {
        summary: 'Not now: somebody gets this person later',
        response: { 200: Done },
        tags,
        params: contactParams,
      },
    },
    async (request) => {
      const member = require(request, 'calls.handle');
      const { id, contactId } = request.params;
      await agentWork.passOver(id, contactId, member.id);
      return done;
    },
  );
  cardRoutes(server, agentWork);
}

type AgentWork = NonNullable<ApiParts['outbound']>['agentWork'];

/** Script and form while they talk, and what came of it. */
function cardRoutes(server: Server, agentWork: AgentWork): void {
  server.get(
    '/campaign-calls/:id',
    {
      schema: {
        summary: 'Whom a call of a campaign is with, the script and the form',
        response: { 200: AgentCard },
        tags,
        params,
      },
    },
    async (request) => {
      const member = require(request, 'calls.handle');
      const card = await agentWork.card(request.params.id, member.id);
      return { ...card, number: numberFor(member, card.number) };
    },
  );
  server.get(
    '/calls/:id/campaign-card',
    {
      schema: {
        summary: 'The same for any call: null when no campaign made it',
        response: { 200: Type.Object({ card: nullable(AgentCard) }) },
        tags,
        params,
      },
    },
    async (request) => {
      const member = require(request, 'calls.handle');
      const card = await agentWork.cardIfAny(request.params.id, member.id);
      return {
        card: card === null ? null : { ...card, number: numberFor(member, card.number) },
      };
    },
  );
  server.put(
    '/campaign-calls/:id/outcome',
    {
      schema: {
        summary: 'What came of the call, the answers, and when to call again',
        response: { 200: Done },
        tags,
        params,
        body: NewOutcome,
      },
    },
    async (request) => {
      const member = require(request, 'calls.handle');
      await agentWork.write(request.params.id, request.body, member.id);
      return done;
    },
  );
}
