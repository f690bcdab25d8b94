import { sql } from 'kysely';
import { Type } from 'typebox';
import { allInSites } from '../../db/index.ts';
import {
  AudienceChangedError,
  previewCampaign,
  saveList,
  scriptFaults,
  whomItCalls,
  type Campaign,
  type Campaigns,
} from '../../outbound/index.ts';
import { numberFor, require } from '../access.ts';
import type { ApiParts, FastifyRequest, Server } from '../api.types.ts';
import {
  CalledView,
  CallStandingCode,
  CampaignState,
  NewCampaign,
  StartRequest,
  TestCallView,
} from '../../contract/campaigns.ts';
import { LanguageCode, Uuid } from '../../contract/fields.ts';
import { decodeText } from '../../contract/text-files.ts';
import { pageOf, pageQuery } from '../../contract/pages.ts';
import { pageById } from '../lists.ts';

const tags = ['campaigns'];
const CalledPage = pageOf(CalledView);
const params = Type.Object({ id: Uuid });
/** An audience may name ten thousand homes and as many people. */
const draftBytes = 2 * 1024 * 1024;
const note = Type.Object({ note: Type.Optional(Type.String({ maxLength: 400 })) });

export function campaignRoutes(server: Server, parts: ApiParts): void {
  const { db, outbound, flows } = parts;
  if (outbound === undefined || flows === undefined) return;
  const { campaigns, tests } = outbound;
  readRoutes(server, parts, campaigns);
  lifeRoutes(server, campaigns);
  server.post(
    '/campaigns',
    {
      bodyLimit: draftBytes,
      config: { permission: 'campaigns.write' },
      schema: { summary: 'A new campaign, as a draft', tags, body: NewCampaign },
    },
    async (request, reply) => {
      const { actor, siteIds } = writer(request);
      return reply.status(201).send(await campaigns.create(request.body, actor, siteIds));
    },
  );
  server.put(
    '/campaigns/:id',
    {
      bodyLimit: draftBytes,
      config: { permission: 'campaigns.write' },
      schema: { summary: 'Changes a draft as a whole', tags, params, body: NewCampaign },
    },
    (request) => {
      const { actor, siteIds } = writer(request);
      return campaigns.change(request.params.id, request.body, actor, siteIds);
    },
  );
  server.post(
    '/campaigns/:id/copy',
    {
      bodyLimit: draftBytes,
      config: { permission: 'campaigns.write' },
      schema: {
        summary: 'The same again as a draft; what is given replaces what differs',
        tags,
        params,
        body: Type.Partial(NewCampaign),
      },
    },
    async (request, reply) => {
      const { actor, siteIds } = writer(request);
      const made = await campaigns.copy(request.params.id, actor, siteIds, request.body);
      return reply.status(201).send(made);
    },
  );
  const preview = async (id: string) => {
    const campaign = await campaigns.find(id);
    const texts = parts.messaging ?? { smsSign: undefined, paymentUrl: '' };
    return previewCampaign({ ...parts, texts }, campaign, await scriptFaults(flows, campaign));
  };
  server.post(
    '/campaigns/:id/start',
    {
      schema: {
        summary:
          'Begins to dial; refused with 409 when it calls another number of homes than expected',
        tags,
        params,
        body: StartRequest,
      },
      // To say what one expects is optional, and so is the body.
      preValidation: (request, _reply, done) => {
        request.body ??= {};
        done();
      },
    },
    async (request) => {
      const { actor } = writer(request);
      const { expectedHomes } = request.body;
      if (expectedHomes !== undefined) {
        const { called } = await preview(request.params.id);
        if (called !== expectedHomes) throw new AudienceChangedError(called);
      }
      return campaigns.start(request.params.id, actor);
    },
  );
  server.post(
    '/campaigns/:id/preview',
    {
      schema: {
        summary: 'Whom it would call, how many calls, how long, and what it would write',
        tags,
        params,
      },
    },
    async (request) => {
      writer(request);
      return preview(request.params.id);
    },
  );
  server.post(
    '/campaigns/:id/test-call',
    {
      schema: {
        summary: 'Rings a number so that somebody hears the script',
        tags,
        params,
        body: Type.Object({
          number: Type.String({ pattern: '^[0-9]{3,20}$' }),
          language: Type.Optional(LanguageCode),
        }),
      },
    },
    async (request, reply) => {
      const { number, language = 'zh-CN' } = request.body;
      const { actor } = writer(request);
      const { id: staffId } = require(request, 'campaigns.write');
      const by = { actor, staffId };
      const callId = await tests.place(request.params.id, { number, language }, by);
      return reply.status(202).send({ callId });
    },
  );
  server.get(
    '/campaigns/:id/test-calls/:callId',
    {
      schema: {
        summary: 'Where a test call stands, and why it was not heard',
        tags,
        params: Type.Object({ id: Uuid, callId: Uuid }),
        response: { 200: TestCallView },
      },
    },
    (request) => {
      writer(request);
      return tests.find(request.params.id, request.params.callId);
    },
  );
  server.get(
    '/campaigns/:id/audience',
    {
      schema: {
        summary: 'Whom it would call if it began now, and who is left out and why',
        tags,
        params,
        querystring: Type.Object({ ...pageQuery, state: Type.Optional(CallStandingCode) }),
        response: { 200: CalledPage },
      },
    },
    async (request) => {
      const member = require(request, 'data.read');
      const campaign = await campaigns.find(request.params.id);
      const { items, nextCursor } = await whomItCalls(parts, campaign, request.query);
      const masked = items.map((one) => ({
        ...one,
        numbers: one.numbers.map((number) => numberFor(member, number)),
      }));
      return { items: masked, nextCursor };
    },
  );
  server.post(
    '/campaign-lists',
    {
      bodyLimit: 20 * 1024 * 1024,
      config: { permission: 'campaigns.write' },
      schema: {
        summary: 'Uploads a list of people to call (CSV); says which lines are wrong',
        tags,
        body: Type.Object({
          name: Type.String({ minLength: 1, maxLength: 80 }),
          /** The table itself, or the file's bytes in base64: UTF-8, UTF-16 or GB18030. */
          text: Type.Optional(Type.String({ minLength: 1 })),
          file: Type.Optional(Type.String({ minLength: 1, contentEncoding: 'base64' })),
        }),
      },
    },
    async (request, reply) => {
      const { actor, siteIds } = writer(request);
      const lists = { db, clock: parts.clock };
      const { name, text = '', file } = request.body;
      const written = file === undefined ? text : decodeText(Buffer.from(file, 'base64'));
      const list = { name, text: written };
      return reply.status(201).send(await saveList(lists, list, actor, siteIds));
    },
  );
}

function readRoutes(server: Server, { db }: ApiParts, campaigns: Campaigns): void {
  server.get(
    '/campaigns',
    {
      schema: {
        summary: 'Campaigns, newest first',
        tags,
        querystring: Type.Object({ ...pageQuery, state: Type.Optional(CampaignState) }),
      },
    },
    (request) => {
      const { siteIds } = require(request, 'data.read');
      const { state } = request.query;
      return pageById(
        request.query,
        (limit, before) => {
          let rows = db
            .selectFrom('campaign')
            .selectAll()
            .where(allInSites(sql`campaign.site_ids`, siteIds))
            .orderBy('id', 'desc')
            .limit(limit);
          if (before !== undefined) rows = rows.where('id', '<', before);
          if (state !== undefined) rows = rows.where('state', '=', state);
          return rows.execute();
        },
        (row) => row,
      );
    },
  );
  server.get(
    '/campaigns/:id',
    { schema: { summary: 'A campaign, with what happened to it', tags, params } },
    async (request) => {
      require(request, 'data.read');
      const campaign = await campaigns.find(request.params.id);
      const history = await db
        .selectFrom('campaignEvent')
        .select(['fromState', 'toState', 'actor', 'note', 'at'])
        .where('campaignId', '=', campaign.id)
        .orderBy('at')
        .execute();
      return { ...campaign, history };
    },
  );
}

type Verb = 'submit' | 'pause' | 'resume' | 'stop' | 'cancel';

const verbs: Readonly<Record<Verb, string>> = {
  submit: 'Asks for approval; the script is checked',
  pause: 'Dials nothing more until resumed; calls under way go on',
  resume: 'Goes on',
  stop: 'Ends it at once and for good; what only rings is taken back',
  cancel: 'Gives up a campaign that never ran',
};

function lifeRoutes(server: Server, campaigns: Campaigns): void {
  for (const [verb, summary] of Object.entries(verbs) as [Verb, string][]) {
    server.post(`/campaigns/:id/${verb}`, { schema: { summary, tags, params } }, (request) =>
      campaigns[verb](request.params.id, writer(request).actor),
    );
  }
  server.post(
    '/campaigns/:id/approve',
    { schema: { summary: 'Approves what somebody else submitted', tags, params } },
    (request): Promise<Campaign> => {
      const { username } = require(request, 'campaigns.approve');
      return campaigns.approve(request.params.id, `staff:${username}`);
    },
  );
  server.post(
    '/campaigns/:id/send-back',
    { schema: { summary: 'Back to draft, with a word on why', tags, params, body: note } },
    (request): Promise<Campaign> => {
      const { username } = require(request, 'campaigns.approve');
      return campaigns.sendBack(request.params.id, `staff:${username}`, request.body.note ?? '');
    },
  );
}

function writer(request: FastifyRequest): { actor: string; siteIds: string[] | null } {
  const { username, siteIds } = require(request, 'campaigns.write');
  return { actor: `staff:${username}`, siteIds };
}
