import { Type } from 'typebox';
import {
  CallStandingCode,
  CalledView,
  CampaignPreview,
  NewCampaignList,
  UploadedList,
} from '../../campaigns/audience.ts';
import {
  CampaignChange,
  CampaignDetail,
  CampaignView,
  NewCampaign,
  ApproveRequest,
  StartRequest,
  TestCallRequest,
} from '../../campaigns/campaigns.ts';
import { CampaignState } from '../../campaigns/kinds.ts';
import { TestCallView } from '../../campaigns/results.ts';
import { IdParams, Instant, Uuid, closed } from '../../fields.ts';
import { pageOf, pageQuery } from '../../pages.ts';
import { routes } from '../../route.ts';

const ContactParams = closed({ id: Uuid, contactId: Uuid });

/** An audience may name ten thousand homes and as many people. */
const draftBytes = 2 * 1024 * 1024;

/** What is done to one campaign. */
const ofOneCampaign = {
  tags: ['campaigns'],
  module: 'campaigns',
  permission: 'campaigns.write',
  scope: 'site',
  names: { id: 'campaign' },
  params: IdParams,
} as const;

export const campaignRoutes = routes({
  'POST /campaigns/:id/contacts/:contactId/write-again': {
    summary: 'Writes to somebody again, if the rules allow it now; `from` is the earliest time',
    tags: ['campaigns'],
    module: 'campaigns',
    permission: 'campaigns.write',
    scope: 'site',
    names: { id: 'campaign' },
    params: ContactParams,
    responses: { 202: closed({ from: Instant }) },
  },
  'POST /campaigns': {
    summary: 'A new campaign, as a draft',
    tags: ['campaigns'],
    module: 'campaigns',
    permission: 'campaigns.write',
    scope: 'site',
    body: NewCampaign,
    bodyLimit: draftBytes,
    responses: { 201: CampaignView },
  },
  'PUT /campaigns/:id': {
    summary: 'Changes a draft as a whole',
    ...ofOneCampaign,
    body: NewCampaign,
    bodyLimit: draftBytes,
    responses: { 200: CampaignView },
  },
  'POST /campaigns/:id/copy': {
    summary: 'The same again as a draft; what is given replaces what differs',
    ...ofOneCampaign,
    body: CampaignChange,
    bodyLimit: draftBytes,
    responses: { 201: CampaignView },
  },
  'POST /campaigns/:id/start': {
    summary: 'Begins to dial; refused with 409 when it calls another number of homes than expected',
    ...ofOneCampaign,
    body: StartRequest,
    isBodyOptional: true,
    responses: { 200: CampaignView },
  },
  'POST /campaigns/:id/preview': {
    summary: 'Whom it would call, how many calls, how long, and what it would write',
    ...ofOneCampaign,
    responses: { 200: CampaignPreview },
  },
  'POST /campaigns/:id/test-call': {
    summary: 'Rings a number so that somebody hears the script',
    ...ofOneCampaign,
    body: TestCallRequest,
    responses: { 202: closed({ callId: Uuid }) },
  },
  'GET /campaigns/:id/test-calls/:callId': {
    summary: 'Where a test call stands, and why it was not heard',
    tags: ['campaigns'],
    module: 'campaigns',
    permission: 'campaigns.write',
    scope: 'site',
    names: { id: 'campaign' },
    params: closed({ id: Uuid, callId: Uuid }),
    responses: { 200: TestCallView },
  },
  'GET /campaigns/:id/audience': {
    summary: 'Whom it would call if it began now, and who is left out and why',
    tags: ['campaigns'],
    module: 'campaigns',
    permission: 'data.read',
    scope: 'site',
    names: { id: 'campaign' },
    params: IdParams,
    query: closed({ ...pageQuery, state: Type.Optional(CallStandingCode) }),
    responses: { 200: pageOf(CalledView) },
  },
  'POST /campaign-lists': {
    summary: 'Uploads a list of people to call (CSV); says which lines are wrong',
    tags: ['campaigns'],
    module: 'campaigns',
    permission: 'campaigns.write',
    scope: 'site',
    body: NewCampaignList,
    bodyLimit: 20 * 1024 * 1024,
    responses: { 201: UploadedList },
  },
  'GET /campaigns': {
    summary: 'Campaigns, newest first',
    tags: ['campaigns'],
    module: 'campaigns',
    permission: 'data.read',
    scope: 'site',
    query: closed({
      ...pageQuery,
      state: Type.Optional(CampaignState),
      /** Those that call there, and those of all estates. */
      estateId: Type.Optional(Uuid),
    }),
    responses: { 200: pageOf(CampaignView) },
  },
  'GET /campaigns/:id': {
    summary: 'A campaign, with what happened to it',
    tags: ['campaigns'],
    module: 'campaigns',
    permission: 'data.read',
    scope: 'site',
    names: { id: 'campaign' },
    params: IdParams,
    responses: { 200: CampaignDetail },
  },
  'POST /campaigns/:id/approve': {
    summary: 'Approves what somebody else wrote; refused with 409 when it was changed since',
    tags: ['campaigns'],
    module: 'campaigns',
    permission: 'campaigns.approve',
    scope: 'site',
    names: { id: 'campaign' },
    params: IdParams,
    body: ApproveRequest,
    isBodyOptional: true,
    responses: { 200: CampaignView },
  },
  'POST /campaigns/:id/send-back': {
    summary: 'Back to draft, with a word on why',
    tags: ['campaigns'],
    module: 'campaigns',
    permission: 'campaigns.approve',
    scope: 'site',
    names: { id: 'campaign' },
    params: IdParams,
    body: closed({ note: Type.Optional(Type.String({ maxLength: 400 })) }),
    responses: { 200: CampaignView },
  },
  'POST /campaigns/:id/submit': {
    summary: 'Asks for approval; the script is checked',
    ...ofOneCampaign,
    responses: { 200: CampaignView },
  },
  'POST /campaigns/:id/pause': {
    summary: 'Dials nothing more until resumed; calls under way go on',
    ...ofOneCampaign,
    responses: { 200: CampaignView },
  },
  'POST /campaigns/:id/resume': {
    summary: 'Goes on',
    ...ofOneCampaign,
    responses: { 200: CampaignView },
  },
  'POST /campaigns/:id/stop': {
    summary: 'Ends it at once and for good; what only rings is taken back',
    ...ofOneCampaign,
    responses: { 200: CampaignView },
  },
  'POST /campaigns/:id/cancel': {
    summary: 'Gives up a campaign that never ran',
    ...ofOneCampaign,
    responses: { 200: CampaignView },
  },
});
