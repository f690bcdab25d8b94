/** What agents read and fill in when a campaign connects them with people. */
import { Type, type Static } from 'typebox';
import { pacingModes } from '../codes.ts';
import { Uuid, Instant, Localised, PhoneNumber, nullable, closed } from '../fields.ts';
import { CampaignPurpose } from './kinds.ts';

/** What an agent reads and fills in while they talk. */
export const AgentSheet = closed({
  script: Localised,
  fields: Type.Array(
    closed({
      key: Type.String({ pattern: '^[a-z][A-Za-z0-9]{0,39}$' }),
      label: Localised,
      /** A choice when there are options; free text otherwise. */
      options: Type.Optional(
        Type.Array(Type.String({ minLength: 1, maxLength: 60 }), { maxItems: 20 }),
      ),
      isRequired: Type.Boolean(),
    }),
    { maxItems: 30 },
  ),
  dispositions: Type.Array(
    closed({ code: Type.String({ pattern: '^[a-z][a-z_]{0,39}$' }), label: Localised }),
    { minItems: 1, maxItems: 30 },
  ),
});
export type AgentSheet = Static<typeof AgentSheet>;

/** What an agent wrote down of a call. */
export const NewOutcome = closed({
  /** One of the sheet's codes. */
  disposition: Type.String({ pattern: '^[a-z][a-z_]{0,39}$' }),
  answers: Type.Optional(
    Type.Record(
      Type.String({ pattern: '^[a-z][A-Za-z0-9]{0,39}$' }),
      Type.String({ maxLength: 500 }),
    ),
  ),
  note: Type.Optional(Type.String({ maxLength: 1000 })),
  /** An appointment: the person is called again then. */
  callAgainAt: Type.Optional(nullable(Instant)),
});
export type NewOutcome = Static<typeof NewOutcome>;

/** A call or a person of a campaign, as the agent sees it. */
export const AgentCard = closed({
  campaignId: Uuid,
  campaignName: Type.String(),
  contactId: Uuid,
  name: Type.String(),
  roomLabel: nullable(Type.String()),
  number: PhoneNumber,
  attempts: Type.Integer(),
  owedFen: nullable(Type.Integer()),
  vars: Type.Record(Type.String(), Type.Unknown()),
  sheet: AgentSheet,
  outcome: nullable(
    closed({
      disposition: Type.String(),
      answers: Type.Record(Type.String(), Type.String()),
      note: Type.String(),
      callAgainAt: nullable(Instant),
    }),
  ),
});
export type AgentCard = Static<typeof AgentCard>;

/** Campaigns that connect people with the agent who asks. */
export const AgentCampaigns = closed({
  items: Type.Array(
    closed({
      id: Uuid,
      name: Type.String(),
      purpose: CampaignPurpose,
      mode: Type.Enum(pacingModes),
      /** People who may be called now, as far as the clock is concerned. */
      waiting: Type.Integer(),
    }),
  ),
});
export type AgentCampaigns = Static<typeof AgentCampaigns>;
