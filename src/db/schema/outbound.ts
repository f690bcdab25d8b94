import type { ColumnType, Generated, Selectable } from 'kysely';
import type {
  CampaignKind,
  CampaignPurpose,
  CampaignState,
  ContactState,
  DoNotCallSource,
} from '../../contract/codes.ts';
import type { Language } from '../../core/language.ts';
import type { CreatedAt, DefaultJson, Json, OptionalJson, OptionalTime, Time } from './columns.ts';

/** Campaigns, whom they call, and what came of it. */
export interface OutboundTables {
  trunk: TrunkTable;
  callingProfile: CallingProfileTable;
  doNotCall: DoNotCallTable;
  campaignList: CampaignListTable;
  campaignListEntry: CampaignListEntryTable;
  campaign: CampaignTable;
  campaignEvent: CampaignEventTable;
  campaignTest: CampaignTestTable;
  campaignContact: CampaignContactTable;
  campaignOutcome: CampaignOutcomeTable;
  attempt: AttemptTable;
  paymentPromise: PaymentPromiseTable;
  debtDispute: DebtDisputeTable;
  surveyAnswer: SurveyAnswerTable;
}

interface TrunkTable {
  id: string;
  name: string;
  gateway: string;
  priority: Generated<number>;
  maxLines: number;
  prefixes: DefaultJson<string[]>;
  callerId: string;
  /** By estate. */
  callerIds: DefaultJson<Record<string, string>>;
  isEnabled: Generated<boolean>;
  /** Failures of the carrier in a row. */
  failures: Generated<number>;
  restingUntil: OptionalTime;
  createdAt: CreatedAt;
}

interface CallingProfileTable {
  personId: string;
  isMinor: Generated<boolean>;
  flags: DefaultJson<string[]>;
  updatedBy: string;
  updatedAt: Time;
}

interface DoNotCallTable {
  id: string;
  number: string | null;
  personId: string | null;
  scope: string;
  until: OptionalTime;
  source: DoNotCallSource;
  reason: string;
  callId: string | null;
  createdBy: string;
  createdAt: Time;
  /** Null while it is in force; a lifted entry is kept as history. */
  liftedAt: OptionalTime;
  liftedBy: ColumnType<string | null, string | null | undefined>;
  liftedReason: ColumnType<string | null, string | null | undefined>;
}

interface CampaignListTable {
  id: string;
  name: string;
  entries: number;
  faults: Json<{ line: number; code: string; reason?: string }[]>;
  createdBy: string;
  createdAt: Time;
  /** Of whoever uploaded it; null for all. */
  siteIds: Generated<string[] | null>;
}

interface CampaignListEntryTable {
  listId: string;
  line: number;
  number: string;
  /** Called when the first is not reached. */
  moreNumbers: DefaultJson<string[]>;
  name: string;
  language: Language;
  personId: string | null;
  roomId: string | null;
  vars: Json<Record<string, string>>;
}

interface CampaignTable {
  id: string;
  name: string;
  kind: CampaignKind;
  purpose: CampaignPurpose;
  topic: string;
  state: CampaignState;
  /** Checked by `campaignSettings` of the API's contract. */
  settings: Json<unknown>;
  /** 0 first. */
  priority: Generated<number>;
  startsAt: OptionalTime;
  endsAt: OptionalTime;
  /** All contacts are written. */
  isPrepared: Generated<boolean>;
  /** When somebody heard the script in a test call. */
  heardAt: OptionalTime;
  copiedFrom: string | null;
  /** The first run of a campaign that repeats. */
  seriesId: string | null;
  submittedBy: string | null;
  approvedBy: string | null;
  approvedAt: OptionalTime;
  createdBy: string;
  /** Who wrote the draft as it is now. */
  editedBy: Generated<string | null>;
  /** Everybody who wrote it, since it was made. */
  editors: Generated<string[]>;
  /** Of what is said to whom: one more with each change of the draft. */
  version: Generated<number>;
  /** Of its flow, as it was submitted and approved: that one is spoken. Null in drafts, and in campaigns of before. */
  flowVersion: Generated<number | null>;
  /** Of its flow, as it was heard. */
  heardFlowVersion: Generated<number | null>;
  /** Estates whose people it may reach; null for all. */
  siteIds: Generated<string[] | null>;
  createdAt: Time;
  updatedAt: Time;
  startedAt: OptionalTime;
  endedAt: OptionalTime;
}

interface CampaignEventTable {
  id: string;
  campaignId: string;
  fromState: CampaignState | null;
  toState: CampaignState;
  actor: string;
  note: string;
  at: Time;
}

interface CampaignTestTable {
  callId: string;
  campaignId: string;
  /** Of the campaign, when the call was placed. */
  version: Generated<number>;
  flowVersion: Generated<number | null>;
  number: string;
  language: Language;
  requestedBy: string;
  createdAt: Time;
  answeredAt: Time | null;
  endedAt: Time | null;
  result: string | null;
}

/** One home, or one person of a list: everything that the campaign does, it does once for it. */
interface CampaignContactTable {
  id: string;
  campaignId: string;
  /** `room:<id>`, `person:<id>` or `number:<digits>`. */
  householdKey: string;
  personId: string | null;
  roomId: string | null;
  estateId: string | null;
  coveredRoomIds: DefaultJson<string[]>;
  name: string;
  language: Language;
  timeZone: string;
  /** In the order in which they are called. */
  numbers: Json<{ number: string; personId: string | null }[]>;
  vars: DefaultJson<Record<string, unknown>>;
  state: ContactState;
  result: string | null;
  refusal: string | null;
  attempts: Generated<number>;
  nextAt: OptionalTime;
  nextNumber: string | null;
  /** Trunks that failed since the last attempt which reached the carrier. */
  triedTrunks: DefaultJson<string[]>;
  owedFen: number | null;
  /**
   * Writing instead of calling: under way, out, in vain, nobody can tell whether it went out, or no
   * longer needed.
   */
  fallback: 'queued' | 'sent' | 'failed' | 'unknown' | 'dropped' | null;
  /** With `queued`: not before. */
  fallbackAt: OptionalTime;
  confirmedAt: OptionalTime;
  finishedAt: OptionalTime;
  createdAt: Time;
  /** An agent looks at this person and decides whether to call; nobody else does until then. */
  reservedBy: string | null;
  reservedUntil: OptionalTime;
  /** How often staff asked to write again. */
  writingRound: Generated<number>;
}

/** What an agent wrote down of a call; again replaces it. */
interface CampaignOutcomeTable {
  callId: string;
  campaignId: string;
  contactId: string;
  staffId: string;
  disposition: string;
  answers: Json<Record<string, string>>;
  note: string;
  callAgainAt: OptionalTime;
  at: Time;
}

export type AttemptState = 'committed' | 'answered' | 'ended';

/** Committed before the switch is asked to dial; at most one that is not ended a household. */
interface AttemptTable {
  id: string;
  campaignId: string;
  contactId: string;
  callId: string;
  /** What the caps count by: the person in debt, or the household and purpose. */
  subjectKey: string;
  householdKey: string;
  number: string;
  personId: string | null;
  roomId: string | null;
  trunkId: string;
  /** Whose call it is, when an agent started it. */
  staffId: string | null;
  callerId: string;
  state: AttemptState;
  result: string | null;
  isEffective: Generated<boolean>;
  hangupCause: string | null;
  /** What the ledger said in the second before dialling. */
  owedFen: number | null;
  answerer: OptionalJson<{ answerer: string; atMs: number; why: string }>;
  /** What allowed the call: local time, counts, consent, who lifted which rule. */
  evidence: Json<Record<string, unknown>>;
  createdAt: Time;
  answeredAt: OptionalTime;
  endedAt: OptionalTime;
}

interface PaymentPromiseTable {
  id: string;
  roomId: string;
  personId: string | null;
  promisedOn: ColumnType<string, string, string>;
  owedFen: number;
  callId: string;
  campaignId: string | null;
  createdAt: Time;
}

/** Open while its work order is. */
interface DebtDisputeTable {
  id: string;
  roomId: string;
  personId: string | null;
  workOrderId: string | null;
  callId: string;
  createdAt: Time;
}

interface SurveyAnswerTable {
  id: string;
  survey: string;
  question: string;
  score: number;
  callId: string;
  campaignId: string | null;
  contactId: string | null;
  workOrderId: string | null;
  personId: string | null;
  /** Whom the mark is for, when it was given after a talk. */
  staffId: Generated<string | null>;
  queueId: Generated<string | null>;
  at: Time;
}

export type TrunkRow = Selectable<TrunkTable>;
export type CampaignRow = Selectable<CampaignTable>;
export type ContactRow = Selectable<CampaignContactTable>;
export type AttemptRow = Selectable<AttemptTable>;
