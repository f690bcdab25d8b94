import { inScope } from '../../db/index.ts';
import type { CampaignView } from '../../contract/campaigns.ts';
import {
  AudienceChangedError,
  previewCampaign,
  readCampaign,
  saveList,
  scriptFaults,
  contactsToCall,
  type Campaign,
  type Campaigns,
} from '../../outbound/index.ts';
import { memberOf, numberFor, scopeOf } from '../access.ts';
import type { ApiParts, FastifyRequest, Server } from '../api.types.ts';
import { plain } from '../plain.ts';
import { route } from '../route.ts';
import { decodeText } from '../../contract/text-files.ts';
import { pageById } from '../lists.ts';

export function campaignRoutes(server: Server, parts: ApiParts): void {
  const { db, outbound, flows } = parts;
  if (outbound === undefined || flows === undefined) return;
  const { campaigns, tests } = outbound;
  readRoutes(server, parts, campaigns);
  lifeRoutes(server, campaigns);
  route(server, 'POST /campaigns', async (request, reply) => {
    const { actor, siteIds } = writer(request);
    return reply.status(201).send(viewOf(await campaigns.create(request.body, actor, siteIds)));
  });
  route(server, 'PUT /campaigns/:id', async (request) => {
    const { actor, siteIds } = writer(request);
    return viewOf(await campaigns.change(request.params.id, request.body, actor, siteIds));
  });
  route(server, 'POST /campaigns/:id/copy', async (request, reply) => {
    const { actor, siteIds } = writer(request);
    const made = await campaigns.copy(request.params.id, actor, siteIds, request.body);
    return reply.status(201).send(viewOf(made));
  });
  const preview = async (id: string) => {
    const campaign = await campaigns.find(id);
    const texts = parts.messaging ?? { smsSign: undefined, paymentUrl: '' };
    return previewCampaign({ ...parts, texts }, campaign, await scriptFaults(flows, campaign));
  };
  route(server, 'POST /campaigns/:id/start', async (request) => {
    const { actor } = writer(request);
    const { expectedHomes } = request.body;
    if (expectedHomes !== undefined) {
      const { called } = await preview(request.params.id);
      if (called !== expectedHomes) throw new AudienceChangedError(called);
    }
    return viewOf(await campaigns.start(request.params.id, actor));
  });
  route(server, 'POST /campaigns/:id/preview', (request) => preview(request.params.id));
  route(server, 'POST /campaigns/:id/test-call', async (request, reply) => {
    const { number, language = 'zh-CN' } = request.body;
    const { actor } = writer(request);
    const by = { actor, staffId: memberOf(request).id };
    const callId = await tests.place(request.params.id, { number, language }, by);
    return reply.status(202).send({ callId });
  });
  route(server, 'GET /campaigns/:id/test-calls/:callId', (request) =>
    tests.find(request.params.id, request.params.callId),
  );
  route(server, 'GET /campaigns/:id/audience', async (request) => {
    const member = memberOf(request);
    const campaign = await campaigns.find(request.params.id);
    const { items, nextCursor } = await contactsToCall(parts, campaign, request.query);
    const masked = items.map((one) => ({
      ...one,
      numbers: one.numbers.map((number) => numberFor(member, number)),
    }));
    return { items: masked, nextCursor };
  });
  route(server, 'POST /campaign-lists', async (request, reply) => {
    const { actor, siteIds } = writer(request);
    const lists = { db, clock: parts.clock };
    const { name, text = '', file } = request.body;
    const written = file === undefined ? text : decodeText(Buffer.from(file, 'base64'));
    const list = { name, text: written };
    return reply.status(201).send(await saveList(lists, list, actor, siteIds));
  });
}

function readRoutes(server: Server, { db }: ApiParts, campaigns: Campaigns): void {
  route(server, 'GET /campaigns', (request) => {
    const scope = scopeOf(request);
    const { state } = request.query;
    return pageById(
      request.query,
      (limit, before) => {
        let rows = inScope(db, scope, 'campaign').selectAll().orderBy('id', 'desc').limit(limit);
        if (before !== undefined) rows = rows.where('id', '<', before);
        if (state !== undefined) rows = rows.where('state', '=', state);
        return rows.execute();
      },
      (row) => viewOf(readCampaign(row)),
    );
  });
  route(server, 'GET /campaigns/:id', async (request) => {
    const campaign = await campaigns.find(request.params.id);
    const history = await inScope(db, scopeOf(request), 'campaignEvent')
      .select(['fromState', 'toState', 'actor', 'note', 'at'])
      .where('campaignId', '=', campaign.id)
      .orderBy('at')
      .execute();
    return { ...viewOf(campaign), history: plain(history) };
  });
}

const verbs = ['submit', 'pause', 'resume', 'stop', 'cancel'] as const;

function lifeRoutes(server: Server, campaigns: Campaigns): void {
  for (const verb of verbs) {
    route(server, `POST /campaigns/:id/${verb}`, async (request) =>
      viewOf(await campaigns[verb](request.params.id, writer(request).actor)),
    );
  }
  route(server, 'POST /campaigns/:id/approve', async (request) => {
    const { username } = memberOf(request);
    const { expectedVersion } = request.body;
    return viewOf(await campaigns.approve(request.params.id, `staff:${username}`, expectedVersion));
  });
  route(server, 'POST /campaigns/:id/send-back', async (request) => {
    const { username } = memberOf(request);
    const { note = '' } = request.body;
    return viewOf(await campaigns.sendBack(request.params.id, `staff:${username}`, note));
  });
}

function writer(request: FastifyRequest): { actor: string; siteIds: string[] | null } {
  const { username, siteIds } = memberOf(request);
  return { actor: `staff:${username}`, siteIds };
}

/** What the contract shows of a campaign. */
function viewOf(campaign: Campaign): CampaignView {
  const { siteIds: _sites, updatedAt: _changed, ...shown } = campaign;
  return plain(shown);
}
