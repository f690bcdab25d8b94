/** Outbound campaigns: what staff write, and what they see. */
import { Type, type Static } from 'typebox';
import {
  billKinds,
  campaignKinds,
  campaignPurposes,
  campaignStates,
  messageChannels,
  messageStates,
  occupancyRoles,
} from '../codes.ts';
import {
  Fen,
  Instant,
  LanguageCode,
  Localised,
  nullable,
  PhoneNumber,
  Uuid,
  closed,
} from '../fields.ts';

export const CampaignKind = Type.Enum(campaignKinds);
export const CampaignPurpose = Type.Enum(campaignPurposes);
/** What people subscribe to. The purpose, and with it consent, hours and caps, follow from it. */
export const CampaignTopic = Type.Enum([
  'notice',
  'outage',
  'emergency',
  'arrears',
  'return_visit',
  'survey',
  'morning_call',
  'clinic',
  'entertainment',
  'offers',
  'telesales',
  'contact',
]);
export type CampaignTopic = Static<typeof CampaignTopic>;
/** Before a campaign begins: called at once, later, written to first, or left out. */
export const CallStandingCode = Type.Enum(['now', 'later', 'written_first', 'excluded']);
export const TestResult = Type.Enum([
  'heard',
  'too_short',
  'busy',
  'no_answer',
  'off',
  'invalid',
  'rejected',
  'no_line',
  'cancelled',
  'failed',
]);
export type TestResult = Static<typeof TestResult>;
export const CampaignState = Type.Enum(campaignStates);
export const MessageChannel = Type.Enum(messageChannels);
/** `unknown`: it may have gone out; it is not sent again. */
export const MessageStateCode = Type.Enum(messageStates);

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

/** Who is called: every condition that is given must hold. Empty conditions do not narrow. */
export const Audience = closed({
  estateIds: Type.Optional(Type.Array(Uuid, { maxItems: 500 })),
  buildingIds: Type.Optional(Type.Array(Uuid, { maxItems: 2000 })),
  unitIds: Type.Optional(Type.Array(Uuid, { maxItems: 5000 })),
  roomIds: Type.Optional(Type.Array(Uuid, { maxItems: 10_000 })),
  personIds: Type.Optional(Type.Array(Uuid, { maxItems: 10_000 })),
  roles: Type.Optional(Type.Array(Type.Enum(occupancyRoles), { maxItems: 3 })),
  isVip: Type.Optional(Type.Boolean()),
  language: Type.Optional(LanguageCode),
  /** People with one of these, e.g. `lives_alone`. */
  flags: Type.Optional(Type.Array(Type.String({ maxLength: 40 }), { maxItems: 20 })),
  /** Homes with unpaid bills. */
  debt: Type.Optional(
    closed({
      kinds: Type.Optional(Type.Array(Type.Enum(billKinds))),
      minFen: Type.Optional(Fen),
      /** Days since the due date, at least. */
      overdueDays: Type.Optional(Type.Integer({ minimum: 0, maximum: 3650 })),
    }),
  ),
  /** Homes with a work order like this. */
  order: Type.Optional(
    closed({
      ids: Type.Optional(Type.Array(Uuid, { maxItems: 5000 })),
      kinds: Type.Optional(Type.Array(Type.String({ maxLength: 40 }))),
      states: Type.Optional(Type.Array(Type.String({ maxLength: 40 }))),
      changedWithinDays: Type.Optional(Type.Integer({ minimum: 1, maximum: 3650 })),
    }),
  ),
  /** Only those who subscribed to the campaign's topic. */
  subscribersOnly: Type.Optional(Type.Boolean()),
  /** The people of another campaign, e.g. all-clear after an outage; `results` narrows it. */
  campaign: Type.Optional(
    closed({
      id: Uuid,
      states: Type.Optional(Type.Array(Type.String({ maxLength: 20 }))),
    }),
  ),
  /** An uploaded list instead of our own records. */
  listId: Type.Optional(Uuid),
});
export type Audience = Static<typeof Audience>;

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
  mode: Type.Enum(['automatic', 'preview', 'progressive', 'predictive']),
  queueId: nullable(Uuid),
  maxLines: Type.Integer({ minimum: 1, maximum: 10_000 }),
  callsPerSecond: Type.Number({ minimum: 0.1, maximum: 500 }),
  /** At least 15, or the called person has no fair chance to answer. */
  ringSec: Type.Integer({ minimum: 15, maximum: 120 }),
  attemptsPerContact: Type.Integer({ minimum: 1, maximum: 20 }),
  abandonCap: Type.Number({ minimum: 0.001, maximum: 0.1 }),
  abandonFormula: Type.Enum(['live', 'ofcom', 'answered']),
  onMachine: Type.Enum(['message', 'hang_up']),
  /** Tried in this order, or in the person's own, when nobody was reached. */
  fallback: Type.Array(MessageChannel, { maxItems: 3, uniqueItems: true }),
  /** Runs again when it is done, approved as it was; ends when one is stopped or cancelled by hand. */
  repeat: nullable(
    closed({
      every: Type.Enum(['day', 'week', 'month']),
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

/** `POST /campaign-lists` */
export const NewCampaignList = closed({
  name: Type.String({ minLength: 1, maxLength: 80 }),
  /** The table itself, or the file's bytes in base64: UTF-8, UTF-16 or GB18030. */
  text: Type.Optional(Type.String({ minLength: 1 })),
  file: Type.Optional(Type.String({ minLength: 1, contentEncoding: 'base64' })),
});
export const UploadedList = closed({
  id: Uuid,
  name: Type.String(),
  entries: Type.Integer(),
  /** Columns that a script may speak of. */
  slots: Type.Array(Type.String()),
  faults: Type.Array(
    closed({ line: Type.Integer(), code: Type.String(), reason: Type.Optional(Type.String()) }),
  ),
});
export type UploadedList = Static<typeof UploadedList>;

/** People by state, or attempts by result, of one building, estate or hour. */
export const ResultRow = closed({
  key: Type.String(),
  counts: Type.Record(Type.String(), Type.Integer()),
});
export type ResultRow = Static<typeof ResultRow>;

/** A way out. */
export const TrunkView = closed({
  id: Uuid,
  name: Type.String(),
  gateway: Type.String(),
  priority: Type.Integer(),
  maxLines: Type.Integer(),
  prefixes: Type.Array(Type.String()),
  callerId: PhoneNumber,
  /** By estate; only those of sites that whoever asks may see. */
  callerIds: Type.Record(Type.String(), PhoneNumber),
  isEnabled: Type.Boolean(),
  /** Of the carrier, in a row. */
  failures: Type.Integer(),
  restingUntil: nullable(Instant),
});
export type TrunkView = Static<typeof TrunkView>;

const Counts = Type.Record(Type.String(), Type.Integer());

export const CampaignPreview = closed({
  /** Homes or people, each counted once. */
  contacts: Type.Integer(),
  /** Of them those who would be called, now or later. */
  called: Type.Integer(),
  /** Of those, whoever may be called at this moment. */
  callableNow: Type.Integer(),
  numbers: Type.Integer(),
  owedFen: Fen,
  /** Left out for now, by reason: no number, a minor, on the do-not-call list … */
  excluded: Counts,
  /** Calls that it will take, as results usually fall. */
  expectedCalls: Type.Integer(),
  expectedMinutes: Type.Integer(),
  /** When it would be done if it started now; the hours in which nobody is called included. */
  expectedEnd: nullable(Instant),
  /** Not called at first, since they chose to read it. */
  writtenFirst: Type.Integer(),
  /** What is written to those who are not reached, by channel and language. */
  texts: Type.Array(
    closed({
      channel: MessageChannel,
      language: LanguageCode,
      subject: nullable(Type.String()),
      body: Type.String(),
      /** Only to addresses that are verified to be the owner's. */
      isDebtNamed: Type.Boolean(),
      /** UTF-16 code units. */
      units: Type.Integer(),
      /** Texts that are paid for: 70 units in one, 67 in each of several; null for other channels. */
      parts: nullable(Type.Integer()),
    }),
  ),
  scriptFaults: Type.Array(
    closed({ code: Type.String(), language: LanguageCode, words: Type.String() }),
  ),
});
export type CampaignPreview = Static<typeof CampaignPreview>;

const whose = { personId: nullable(Uuid), roomId: nullable(Uuid), estateId: nullable(Uuid) };
/** One line of the list of whom a campaign would call. */
export const CalledView = closed({
  /** From 1, in the order of the audience. */
  position: Type.Integer(),
  name: Type.String(),
  ...whose,
  /** Several, when one number serves several homes. */
  roomLabels: Type.Array(Type.String()),
  numbers: Type.Array(PhoneNumber),
  state: CallStandingCode,
  /** Why not now. */
  refusal: nullable(Type.String()),
  owedFen: nullable(Type.Integer()),
});
export type CalledView = Static<typeof CalledView>;

/** What became of a test call. */
export const TestCallView = closed({
  callId: Uuid,
  state: Type.Enum(['ringing', 'talking', 'ended']),
  /** Once it has ended: `heard`, or why the script was not heard. */
  result: nullable(TestResult),
});
export type TestCallView = Static<typeof TestCallView>;

export const CampaignProgress = closed({
  campaignId: Uuid,
  state: CampaignState,
  contacts: Counts,
  results: Counts,
  refusals: Counts,
  attempts: Type.Integer(),
  answered: Type.Integer(),
  lines: Type.Integer(),
  abandoned: Type.Integer(),
  /** Texts, mails and faxes by what became of them. */
  messages: Type.Array(
    closed({
      channel: MessageChannel,
      state: MessageStateCode,
      reason: nullable(Type.String()),
      count: Type.Integer(),
    }),
  ),
  promisedFen: Fen,
  /** Paid by homes of the campaign after they were spoken to. */
  paidFen: Fen,
});
export type CampaignProgress = Static<typeof CampaignProgress>;

export const ContactView = closed({
  id: Uuid,
  name: Type.String(),
  ...whose,
  roomLabel: nullable(Type.String()),
  numbers: Type.Array(PhoneNumber),
  state: Type.String(),
  result: nullable(Type.String()),
  refusal: nullable(Type.String()),
  attempts: Type.Integer(),
  nextAt: nullable(Instant),
  owedFen: nullable(Type.Integer()),
  fallback: nullable(Type.String()),
  /** In the order in which they were written. */
  messages: Type.Array(
    closed({
      channel: MessageChannel,
      state: MessageStateCode,
      reason: nullable(Type.String()),
    }),
  ),
  confirmedAt: nullable(Instant),
  finishedAt: nullable(Instant),
});
export type ContactView = Static<typeof ContactView>;

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
      mode: Type.Enum(['preview', 'progressive', 'predictive']),
      /** People who may be called now, as far as the clock is concerned. */
      waiting: Type.Integer(),
    }),
  ),
});
export type AgentCampaigns = Static<typeof AgentCampaigns>;

/** What is kept as proof of one attempt. */
export const AttemptView = closed({
  id: Uuid,
  callId: Uuid,
  contactId: Uuid,
  number: PhoneNumber,
  callerId: PhoneNumber,
  state: Type.String(),
  result: nullable(Type.String()),
  isEffective: Type.Boolean(),
  hangupCause: nullable(Type.String()),
  owedFen: nullable(Type.Integer()),
  answerer: nullable(Type.Unknown()),
  evidence: Type.Unknown(),
  createdAt: Instant,
  answeredAt: nullable(Instant),
  endedAt: nullable(Instant),
});
export type AttemptView = Static<typeof AttemptView>;

/** `POST /campaigns/:id/start`: the homes that the preview counted (`called`), for whoever was shown them. */
/** `POST /campaigns/:id/approve`: `expectedVersion` is that which was looked at. */
export const ApproveRequest = closed({
  expectedVersion: Type.Optional(Type.Integer({ minimum: 1 })),
});
export const StartRequest = closed({ expectedHomes: Type.Optional(Type.Integer({ minimum: 0 })) });
