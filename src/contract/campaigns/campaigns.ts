/** Outbound campaigns: what staff write, and what they see. */
import { Type, type Static } from 'typebox';
import { abandonFormulas, pacingModes, repetitions } from '../codes.ts';
import { Uuid, Instant, LanguageCode, nullable, closed } from '../fields.ts';
import { AgentSheet } from './agent-sheet.ts';
import { Audience } from './audience.ts';
import {
  CampaignKind,
  CampaignPurpose,
  CampaignTopic,
  CampaignState,
  MessageChannel,
} from './kinds.ts';

/** Without English, whoever speaks English hears and reads the Chinese. */
const AuthorText = closed({ 'zh-CN': Type.String(), en: Type.Optional(Type.String()) });

export const CampaignSettings = closed({
  audience: Audience,
  script: closed({
    flowId: Type.String({ pattern: '^[a-z][a-z0-9-]{0,39}$' }),
    /** Fills the script's own slots, e.g. `message` of a notice. */
    texts: Type.Record(Type.String({ pattern: '^[a-z][A-Za-z0-9]{0,39}$' }), AuthorText),
    isHumanVoice: Type.Boolean(),
  }),
  /** `automatic`: the flow talks; the others connect people with agents. */
  mode: Type.Enum(['automatic', ...pacingModes]),
  queueId: nullable(Uuid),
  maxLines: Type.Integer({ minimum: 1, maximum: 10_000 }),
  callsPerSecond: Type.Number({ minimum: 0.1, maximum: 500 }),
  /** At least 15, or the called person has no fair chance to answer. */
  ringSec: Type.Integer({ minimum: 15, maximum: 120 }),
  attemptsPerContact: Type.Integer({ minimum: 1, maximum: 20 }),
  abandonCap: Type.Number({ minimum: 0.001, maximum: 0.1 }),
  abandonFormula: Type.Enum(abandonFormulas),
  onMachine: Type.Enum(['message', 'hang_up']),
  /** Tried in this order, or in the person's own, when nobody was reached. */
  fallback: Type.Array(MessageChannel, { maxItems: 3, uniqueItems: true }),
  /** Runs again when it is done, approved as it was; ends when one is stopped or cancelled by hand. */
  repeat: nullable(
    closed({
      every: Type.Enum(repetitions),
      /** Minutes from local midnight. */
      atMinute: Type.Integer({ minimum: 480, maximum: 1319 }),
      until: nullable(Type.String({ format: 'date' })),
    }),
  ),
  /** Campaigns with agents: left out, the usual one. */
  sheet: Type.Optional(AgentSheet),
  /** Seconds to wait after each result before the next try; what is missing is as usual. */
  retryAfterSec: Type.Optional(Type.Record(Type.String(), Type.Integer({ minimum: 0 }))),
  /** Asked for by its author; the approver lends it their name. Emergencies only. */
  overrideReason: nullable(Type.String({ minLength: 4, maxLength: 400 })),
  /** IANA zone of contacts without a home of ours. */
  timeZone: Type.String({ minLength: 3, maxLength: 40 }),
});
export type CampaignSettings = Static<typeof CampaignSettings>;

export const NewCampaign = closed({
  name: Type.String({ minLength: 1, maxLength: 80 }),
  kind: CampaignKind,
  /** Left out: as the topic has it. */
  purpose: Type.Optional(CampaignPurpose),
  /** Left out: as the kind usually has it. */
  topic: Type.Optional(CampaignTopic),
  priority: Type.Optional(
    Type.Integer({
      ...{ minimum: 0, maximum: 9 },
      description:
        'Small is important: dialled first, shown to agents first, gives lines away last. Left out: as the kind usually has it; an emergency has 0 always.',
    }),
  ),
  startsAt: Type.Optional(nullable(Instant)),
  endsAt: Type.Optional(nullable(Instant)),
  settings: Type.Optional(Type.Partial(CampaignSettings, { additionalProperties: false })),
});
export type NewCampaign = Static<typeof NewCampaign>;

export const CampaignView = closed({
  id: Uuid,
  name: Type.String(),
  kind: CampaignKind,
  purpose: CampaignPurpose,
  topic: Type.String(),
  state: CampaignState,
  settings: CampaignSettings,
  /** Whose homes it calls; null for all estates. */
  estateIds: nullable(Type.Array(Uuid)),
  priority: Type.Integer({ description: 'Small is important.' }),
  startsAt: nullable(Instant),
  endsAt: nullable(Instant),
  isPrepared: Type.Boolean(),
  heardAt: nullable(Instant),
  copiedFrom: nullable(Uuid),
  /** Of a further run: the first one. */
  seriesId: nullable(Uuid),
  submittedBy: nullable(Type.String()),
  approvedBy: nullable(Type.String()),
  approvedAt: nullable(Instant),
  createdBy: Type.String(),
  /** Who changed it last. */
  editedBy: nullable(Type.String()),
  /** Everybody who wrote it since it was made: none of them may approve it. */
  editors: Type.Array(Type.String()),
  version: Type.Integer({ description: 'One more with each change of the draft.' }),
  createdAt: Instant,
  startedAt: nullable(Instant),
  endedAt: nullable(Instant),
});
export type CampaignView = Static<typeof CampaignView>;

/** With what happened to it, the oldest first. */
export const CampaignDetail = closed({
  ...CampaignView.properties,
  history: Type.Array(
    closed({
      fromState: nullable(CampaignState),
      toState: CampaignState,
      actor: Type.String(),
      note: Type.String(),
      at: Instant,
    }),
  ),
});
export type CampaignDetail = Static<typeof CampaignDetail>;

/** `POST /campaigns/:id/copy`: what is given replaces what differs. */
export const CampaignChange = Type.Partial(NewCampaign, { additionalProperties: false });

export const TestCallRequest = closed({
  number: Type.String({ pattern: '^[0-9]{3,20}$' }),
  language: Type.Optional(LanguageCode),
});

/** `POST /campaigns/:id/approve`: `expectedVersion` is that which was looked at. */
export const ApproveRequest = closed({
  expectedVersion: Type.Optional(Type.Integer({ minimum: 1 })),
});

/** `POST /campaigns/:id/start`: the homes that the preview counted (`called`), for whoever was shown them. */
export const StartRequest = closed({ expectedHomes: Type.Optional(Type.Integer({ minimum: 0 })) });
