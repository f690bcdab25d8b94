import { AgentCampaigns, AgentCard, NewOutcome } from '../../campaigns/agent-sheet.ts';
import { Done, IdParams, Uuid, closed, nullable } from '../../fields.ts';
import { routes } from '../../route.ts';

const ContactParams = closed({ id: Uuid, contactId: Uuid });

export const campaignAgentRoutes = routes({
  'GET /agents/me/campaigns': {
    summary: 'Running campaigns of queues that I serve',
    tags: ['campaigns'],
    module: 'campaigns',
    permission: 'calls.handle',
    scope: 'own',
    responses: { 200: AgentCampaigns },
  },
  'POST /campaigns/:id/next-contact': {
    summary: 'Preview: the next person, kept for me for five minutes',
    tags: ['campaigns'],
    module: 'campaigns',
    permission: 'calls.handle',
    scope: 'site',
    names: { id: 'campaign' },
    params: IdParams,
    responses: { 200: AgentCard },
  },
  'POST /campaigns/:id/contacts/:contactId/dial': {
    summary: 'Calls the person whom I looked at; whoever answers is connected with me',
    tags: ['campaigns'],
    module: 'campaigns',
    permission: 'calls.handle',
    scope: 'site',
    names: { id: 'campaign' },
    params: ContactParams,
    responses: { 202: closed({ callId: Uuid }) },
  },
  'POST /campaigns/:id/contacts/:contactId/pass-over': {
    summary: 'Not now: somebody gets this person later',
    tags: ['campaigns'],
    module: 'campaigns',
    permission: 'calls.handle',
    scope: 'site',
    names: { id: 'campaign' },
    params: ContactParams,
    responses: { 200: Done },
  },
  'GET /campaign-calls/:id': {
    summary: 'Whom a call of a campaign is with, the script and the form',
    tags: ['campaigns'],
    module: 'campaigns',
    permission: 'calls.handle',
    scope: 'site',
    names: { id: 'campaignCall' },
    params: IdParams,
    responses: { 200: AgentCard },
  },
  'GET /calls/:id/campaign-card': {
    summary: 'The same for any call: null when no campaign made it',
    tags: ['campaigns'],
    module: 'campaigns',
    permission: 'calls.handle',
    scope: 'site',
    names: { id: 'call' },
    params: IdParams,
    responses: { 200: closed({ card: nullable(AgentCard) }) },
  },
  'PUT /campaign-calls/:id/outcome': {
    summary: 'What came of the call, the answers, and when to call again',
    tags: ['campaigns'],
    module: 'campaigns',
    permission: 'calls.handle',
    scope: 'site',
    names: { id: 'campaignCall' },
    params: IdParams,
    body: NewOutcome,
    responses: { 200: Done },
  },
});
