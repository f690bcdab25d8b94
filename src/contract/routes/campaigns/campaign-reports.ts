import { Type } from 'typebox';
import { resultGroups } from '../../codes.ts';
import { MessageView, ReplyView } from '../../campaigns/campaign-messages.ts';
import { MessageStateCode } from '../../campaigns/kinds.ts';
import {
  AttemptView,
  CampaignProgress,
  ContactView,
  ResultRow,
  TrunkView,
} from '../../campaigns/results.ts';
import { IdParams, LanguageCode, Uuid, closed } from '../../fields.ts';
import { pageOf, pageQuery } from '../../pages.ts';
import { routes } from '../../route.ts';

/** What is read of one campaign. */
const ofOneCampaign = {
  tags: ['campaigns'],
  permission: 'data.read',
  scope: 'site',
  names: { id: 'campaign' },
  params: IdParams,
} as const;

export const campaignReportRoutes = routes({
  'GET /campaigns/:id/messages': {
    summary: 'Every text, mail and fax of it, with what became of it',
    ...ofOneCampaign,
    query: closed({ ...pageQuery, state: Type.Optional(MessageStateCode) }),
    responses: { 200: pageOf(MessageView) },
  },
  'GET /campaigns/:id/replies': {
    summary: 'Texts that answer it, newest first',
    ...ofOneCampaign,
    query: closed(pageQuery),
    responses: { 200: pageOf(ReplyView) },
  },
  'GET /campaigns/:id/progress': {
    summary: 'Where it stands now',
    ...ofOneCampaign,
    responses: { 200: CampaignProgress },
  },
  'GET /campaigns/:id/results': {
    summary: 'Results by building, by hour or by estate',
    ...ofOneCampaign,
    query: closed({ by: Type.Enum(resultGroups) }),
    responses: { 200: closed({ items: Type.Array(ResultRow) }) },
  },
  'GET /campaigns/:id/contacts': {
    summary: 'Its people and homes; `state=unreached` is the list of those to see in person',
    ...ofOneCampaign,
    query: closed({ ...pageQuery, state: Type.Optional(Type.String()) }),
    responses: { 200: pageOf(ContactView) },
  },
  'GET /campaigns/:id/attempts': {
    summary: 'Every attempt, with what allowed it: the evidence',
    ...ofOneCampaign,
    query: closed({ ...pageQuery, contactId: Type.Optional(Uuid) }),
    responses: { 200: pageOf(AttemptView) },
  },
  'GET /campaigns/:id/export.csv': {
    summary: 'All its people as a table for a spreadsheet',
    ...ofOneCampaign,
    query: closed({ language: Type.Optional(LanguageCode) }),
    responses: { 200: Type.String() },
  },
  'GET /trunks': {
    summary: 'Ways out',
    tags: ['campaigns'],
    permission: 'data.read',
    scope: 'site',
    responses: { 200: closed({ items: Type.Array(TrunkView) }) },
  },
});
