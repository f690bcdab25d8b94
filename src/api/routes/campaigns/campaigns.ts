import type { FlowLibrary } from '../../../content/index.ts';
import type { CampaignView } from '../../../contract/campaigns/campaigns.ts';
import { decodeText } from '../../../contract/text-files.ts';
import type { Scope } from '../../../db/index.ts';
import {
  AudienceChangedError,
  campaignIn,
  keepList,
  previewCampaign,
  readCampaign,
  readList,
  scriptFaults,
  contactsToCall,
  type Campaign,
  type Outbound,
} from '../../../outbound/index.ts';
import { campaignHistory, campaignsPage } from '../../../reporting/index.ts';
import type { Member } from '../../../organisation/index.ts';
import { memberOf, numberFor, scopeOf } from '../../access.ts';
import type { RouteParts, Server } from '../../api.types.ts';
import { command } from '../../commands.ts';
import { plain } from '../../plain.ts';
import { route } from '../../route.ts';
import { pageById } from '../../lists.ts';
import { write } from '../../write.ts';

/** One campaign is read by `campaignIn`, in the scope of whoever asks. */
type RunCampaigns = Omit<Outbound['campaigns'], 'find'>;

export interface CampaignRouteParts {
  outbound: Pick<Outbound, 'tests'> & { campaigns: RunCampaigns };
  flows: Pick<FlowLibrary, 'live' | 'at'>;
  /** How texts are signed, and where people pay. */
  texts: { smsSign: string | undefined; paymentUrl: string };
}

export function campaignRoutes(server: Server, parts: RouteParts, own: CampaignRouteParts): void {
  const { outbound, flows, texts } = own;
  const { campaigns, tests } = outbound;
  readRoutes(server, parts, tests);
  draftRoutes(server, parts, campaigns);
  lifeRoutes(server, parts, campaigns);
  listRoute(server, parts);
  const preview = async (scope: Scope, id: string) => {
    const campaign = await campaignIn(scope, parts.db, id);
    return previewCampaign(
      scope,
      { ...parts, texts },
      campaign,
      await scriptFaults(flows, campaign),
    );
  };
  write(server, parts, 'POST /campaigns/:id/start', {
    async before({ scope, request: { params, body } }) {
      const { expectedHomes } = body;
      if (expectedHomes === undefined) return;
      const { called } = await preview(scope, params.id);
      if (called !== expectedHomes) throw new AudienceChangedError(called);
    },
    work: async ({ request, member, trx, afterwards }) =>
      viewOf(await campaigns.within(trx, afterwards).start(request.params.id, actorOf(member))),
  });
  command(server, parts, 'POST /campaigns/:id/preview', (request) =>
    preview(scopeOf(request), request.params.id),
  );
  command(server, parts, 'POST /campaigns/:id/test-call', async (request, reply) => {
    const member = memberOf(request);
    const { number, language = 'zh-CN' } = request.body;
    const by = { actor: actorOf(member), staffId: member.id };
    const callId = await tests.place(request.params.id, { number, language }, by);
    return reply.status(202).send({ callId });
  });
}

function readRoutes(
  server: Server,
  parts: RouteParts,
  tests: CampaignRouteParts['outbound']['tests'],
): void {
  const { db } = parts;
  route(server, 'GET /campaigns', (request) =>
    pageById(
      request.query,
      (limit, before) => campaignsPage(scopeOf(request), db, request.query, limit, before),
      (row) => viewOf(readCampaign(row)),
    ),
  );
  route(server, 'GET /campaigns/:id', async (request) => {
    const scope = scopeOf(request);
    const campaign = await campaignIn(scope, db, request.params.id);
    const history = await campaignHistory(scope, db, campaign.id);
    return { ...viewOf(campaign), history: plain(history) };
  });
  route(server, 'GET /campaigns/:id/audience', async (request) => {
    const member = memberOf(request);
    const scope = scopeOf(request);
    const campaign = await campaignIn(scope, db, request.params.id);
    const { items, nextCursor } = await contactsToCall(scope, parts, campaign, request.query);
    const masked = items.map((one) => ({
      ...one,
      numbers: one.numbers.map((number) => numberFor(member, number)),
    }));
    return { items: masked, nextCursor };
  });
  route(server, 'GET /campaigns/:id/test-calls/:callId', (request) =>
    tests.find(scopeOf(request), request.params.id, request.params.callId),
  );
}

function draftRoutes(server: Server, parts: RouteParts, campaigns: RunCampaigns): void {
  write(server, parts, 'POST /campaigns', async ({ request, member, trx, afterwards }) => {
    const within = campaigns.within(trx, afterwards);
    return viewOf(await within.create(request.body, actorOf(member), member.siteIds));
  });
  write(server, parts, 'PUT /campaigns/:id', async ({ request, member, trx, afterwards }) => {
    const within = campaigns.within(trx, afterwards);
    const { id } = request.params;
    return viewOf(await within.change(id, request.body, actorOf(member), member.siteIds));
  });
  write(server, parts, 'POST /campaigns/:id/copy', async ({ request, member, trx, afterwards }) => {
    const within = campaigns.within(trx, afterwards);
    const { id } = request.params;
    return viewOf(await within.copy(id, actorOf(member), member.siteIds, request.body));
  });
}

const verbs = ['pause', 'resume', 'stop', 'cancel'] as const;

function lifeRoutes(server: Server, parts: RouteParts, campaigns: RunCampaigns): void {
  for (const verb of verbs) {
    write(
      server,
      parts,
      `POST /campaigns/:id/${verb}`,
      async ({ request, member, trx, afterwards }) => {
        const within = campaigns.within(trx, afterwards);
        return viewOf(await within[verb](request.params.id, actorOf(member)));
      },
    );
  }
  write(server, parts, 'POST /campaigns/:id/submit', {
    before: ({ request }) => campaigns.faultsOf(request.params.id),
    async work({ request, member, trx, afterwards }, faults) {
      const within = campaigns.within(trx, afterwards, faults);
      return viewOf(await within.submit(request.params.id, actorOf(member)));
    },
  });
  write(server, parts, 'POST /campaigns/:id/approve', {
    // The version whose script is looked at is the one that is approved.
    async before({ scope, request: { params, body } }) {
      const { version } = await campaignIn(scope, parts.db, params.id);
      const faults = await campaigns.faultsOf(params.id);
      return { faults, version: body.expectedVersion ?? version };
    },
    async work({ request, member, trx, afterwards }, { faults, version }) {
      const within = campaigns.within(trx, afterwards, faults);
      return viewOf(await within.approve(request.params.id, actorOf(member), version));
    },
    present: async ({ scope, request }) =>
      viewOf(await campaignIn(scope, parts.db, request.params.id)),
  });
  write(
    server,
    parts,
    'POST /campaigns/:id/send-back',
    async ({ request, member, trx, afterwards }) => {
      const within = campaigns.within(trx, afterwards);
      const { note = '' } = request.body;
      return viewOf(await within.sendBack(request.params.id, actorOf(member), note));
    },
  );
}

function listRoute(server: Server, parts: RouteParts): void {
  const { clock } = parts;
  write(server, parts, 'POST /campaign-lists', {
    before({ request }) {
      const { text = '', file } = request.body;
      return readList(file === undefined ? text : decodeText(Buffer.from(file, 'base64')));
    },
    async work({ request, member, scope, trx, audit }, list) {
      const wanted = { name: request.body.name, list };
      const kept = await keepList(scope, { db: trx, clock }, wanted, actorOf(member));
      const { entries, faults } = kept;
      await audit('campaign_list.uploaded', kept.id, { entries, faults: faults.length });
      return kept;
    },
  });
}

function actorOf({ username }: Member): string {
  return `staff:${username}`;
}

/** What the contract shows of a campaign. */
function viewOf(campaign: Campaign): CampaignView {
  const { siteIds: estateIds, updatedAt: _changed, ...more } = campaign;
  const { flowVersion: _flow, heardFlowVersion: _heard, ...shown } = more;
  return { ...plain(shown), estateIds };
}
