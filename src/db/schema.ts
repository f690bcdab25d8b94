import type { ColumnType, Generated, Insertable, Selectable } from 'kysely';
import type { Language } from '../core/language.ts';
import type {
  AgentEventTable,
  AgentSeatTable,
  AlarmTable,
  DutyPhoneTable,
  EngagementTable,
  OfferTable,
  OrderDraftTable,
  PhoneAccountTable,
  QueueEntryTable,
  QueueWaitTable,
  QueueMemberTable,
  QueueTable,
} from './agents-schema.ts';
import type { CreatedAt, Json, OptionalJson, OptionalTime, Time } from './columns.ts';
import type { ContentTables } from './content-schema.ts';
import type { OutboundTables } from './outbound-schema.ts';
import type {
  AuditEntryTable,
  CodeTable,
  LoginGuardTable,
  StaffSessionTable,
  StaffSiteTable,
  StaffSkillTable,
  StaffTable,
} from './staff-schema.ts';
import type {
  AddressChannel,
  BillKind,
  CallDirection,
  CallState,
  FaxSendingState,
  LegRole,
  OccupancyRole,
  OrderSource,
  OrderStepKind,
  RecordingState,
  RoomState,
  Severity,
  Verification,
  WorkOrderKind,
  WorkOrderState,
} from '../contract/codes.ts';

export type * from '../contract/codes.ts';

export type { StaffRole } from './staff-schema.ts';

/**
 * Every table, as code sees it (camelCase; the tables themselves are snake_case, one noun each).
 * Ids are UUIDv7 made by us, money is integer fen, time is timestamptz, a day is `YYYY-MM-DD` text.
 */
export interface Database extends OutboundTables, ContentTables {
  estate: EstateTable;
  hotline: HotlineTable;
  building: BuildingTable;
  unit: UnitTable;
  room: RoomTable;
  person: PersonTable;
  personPhone: PersonPhoneTable;
  personAddress: PersonAddressTable;
  occupancy: OccupancyTable;
  bill: BillTable;
  payment: PaymentTable;
  pinGuard: PinGuardTable;
  flow: FlowTable;
  flowVersion: FlowVersionTable;
  call: CallTable;
  callLeg: CallLegTable;
  outsideCall: OutsideCallTable;
  callEvent: CallEventTable;
  recording: RecordingTable;
  fax: FaxTable;
  faxSending: FaxSendingTable;
  faxTry: FaxTryTable;
  workOrder: WorkOrderTable;
  workOrderEvent: WorkOrderEventTable;
  workOrderCounter: WorkOrderCounterTable;
  staff: StaffTable;
  staffSession: StaffSessionTable;
  loginGuard: LoginGuardTable;
  staffSite: StaffSiteTable;
  staffSkill: StaffSkillTable;
  skill: CodeTable;
  breakReason: CodeTable;
  wrapUpReason: CodeTable;
  auditEntry: AuditEntryTable;
  idempotencyKey: IdempotencyKeyTable;
  outbox: OutboxTable;
  queue: QueueTable;
  queueMember: QueueMemberTable;
  phoneAccount: PhoneAccountTable;
  agentSeat: AgentSeatTable;
  agentEvent: AgentEventTable;
  queueEntry: QueueEntryTable;
  queueWait: QueueWaitTable;
  offer: OfferTable;
  engagement: EngagementTable;
  orderDraft: OrderDraftTable;
  alarm: AlarmTable;
  dutyPhone: DutyPhoneTable;
  message: MessageTable;
  meta: MetaTable;
}

/** One housing estate (小区): the site that a hotline, its people and its orders belong to. */
interface EstateTable {
  id: string;
  code: string;
  name: string;
  nameEn: string;
  city: string;
  address: string;
  /** IANA zone, e.g. `Asia/Shanghai`. */
  timeZone: Generated<string>;
  createdAt: CreatedAt;
}

/** Opening hours of a hotline. Minutes count from local midnight; weekday 1 is Monday. */
export interface OpeningHours {
  /** Ranges on working days, make-up working days included. */
  workday: { fromMinute: number; toMinute: number }[];
  /** Ranges on weekends and public holidays. */
  restday: { fromMinute: number; toMinute: number }[];
}

/** A dialled number (DID) and what answers it. */
interface HotlineTable {
  did: string;
  estateId: string;
  flowId: string;
  language: Language;
  /** Spoken first, per language. */
  greeting: Json<Record<Language, string>>;
  hours: Json<OpeningHours>;
  /** Where callers who want a person wait; null for the queue `general`. */
  queueId: Generated<string | null>;
  createdAt: CreatedAt;
}

interface BuildingTable {
  id: string;
  estateId: string;
  /** `3` of 3栋. */
  number: string;
  floors: number;
}

interface UnitTable {
  id: string;
  buildingId: string;
  /** `2` of 2单元. */
  number: string;
}

interface RoomTable {
  id: string;
  estateId: string;
  unitId: string;
  /** `1201`. */
  number: string;
  floor: number;
  /** As shown: `3栋2单元1201`. Unique within the estate. */
  label: string;
  areaCm2: ColumnType<number, number, number>;
  layout: string;
  state: RoomState;
}

interface PersonTable {
  id: string;
  name: string;
  /** Pinyin without tones and its initials, for search: `wangjianguo wjg`. */
  namePinyin: string;
  language: Generated<Language>;
  isVip: Generated<boolean>;
  /** Argon2id of the phone PIN; null when the person has none. */
  pinHash: string | null;
  notes: Generated<string>;
  /** Risk and care: `lives_alone`, `dispute`, `do_not_call` … */
  flags: ColumnType<string[], string[] | undefined, string[]>;
  /** The agent who looks after an important owner. */
  accountStaffId: ColumnType<string | null, string | null | undefined, string | null>;
  createdAt: CreatedAt;
}

interface PersonPhoneTable {
  id: string;
  personId: string;
  /** As src/contract/numbers.ts keeps it: mobiles without 86, landlines with 0, abroad with 00. */
  number: string;
  /** What to press behind it. */
  extension: Generated<string | null>;
  isPrimary: boolean;
  verifiedAt: OptionalTime;
  verifiedHow: Generated<Verification | null>;
  verifiedBy: Generated<string | null>;
}

interface PersonAddressTable {
  id: string;
  personId: string;
  channel: AddressChannel;
  /** A mail address, or a fax number in digits. */
  address: string;
  isPrimary: boolean;
  verifiedAt: OptionalTime;
  verifiedHow: Generated<Verification | null>;
  verifiedBy: Generated<string | null>;
  createdAt: CreatedAt;
  /** A mail came back from there for good; nobody writes there until it is changed or verified. */
  bouncedAt: OptionalTime;
}

/** Who lives in or owns which room, from when to when. */
interface OccupancyTable {
  id: string;
  personId: string;
  roomId: string;
  role: OccupancyRole;
  validFrom: ColumnType<string, string, string>;
  validTo: ColumnType<string | null, string | null | undefined, string | null>;
}

interface BillTable {
  id: string;
  roomId: string;
  kind: BillKind;
  /** `2026-10`. */
  period: string;
  amountFen: number;
  paidFen: Generated<number>;
  dueOn: ColumnType<string, string, string>;
  createdAt: CreatedAt;
}

interface PaymentTable {
  id: string;
  billId: string;
  amountFen: number;
  method: string;
  paidAt: Time;
}

/** Failed PIN attempts, counted per person and per caller number. Key: `person:<id>` or `number:<digits>`. */
interface PinGuardTable {
  key: string;
  failures: number;
  lockedUntil: OptionalTime;
  updatedAt: Time;
  /** In the last week. */
  locks: Generated<number>;
  lastLockAt: OptionalTime;
  dayBeganAt: OptionalTime;
  triesOfDay: Generated<number>;
}

interface FlowTable {
  id: string;
  name: string;
  /** The version that new calls run; null until one is published. */
  liveVersion: number | null;
  createdAt: CreatedAt;
}

interface FlowVersionTable {
  flowId: string;
  version: number;
  /** A flow definition as `content/flows` validates it. */
  definition: Json<unknown>;
  /** SHA-256 of the canonical JSON. */
  checksum: string;
  /** Null for those that came with the program. */
  authorId: string | null;
  note: Generated<string>;
  createdAt: CreatedAt;
}

interface CallTable {
  id: string;
  direction: CallDirection;
  state: CallState;
  /** The hotline that was dialled, or the caller id of an outbound call. */
  did: string;
  estateId: string | null;
  callerNumber: string;
  /** A trunk vouched for the number, or we dialled it; else it is what a stranger claimed. */
  isNumberVerified: Generated<boolean>;
  language: Generated<Language>;
  personId: string | null;
  roomId: string | null;
  flowId: string | null;
  flowVersion: number | null;
  switchNode: string;
  startedAt: Time;
  answeredAt: OptionalTime;
  endedAt: OptionalTime;
  /** Q.850 cause in the switch's words, e.g. `NORMAL_CLEARING`. */
  hangupCause: string | null;
  /** How it ended for the caller: `order_made`, `message_left`, `bill_heard`, `abandoned` … */
  outcome: string | null;
}

interface CallLegTable {
  /** The channel's UUID on the switch. */
  id: string;
  callId: string;
  role: LegRole;
  direction: CallDirection;
  number: string;
  startedAt: Time;
  answeredAt: OptionalTime;
  endedAt: OptionalTime;
  hangupCause: string | null;
}

/** A call to a number outside that was asked for; campaigns have attempts instead. */
interface OutsideCallTable {
  id: string;
  at: Time;
  purpose: string;
  number: string;
  staffId: string | null;
  callId: string | null;
  /** Null when it was allowed. */
  refusal: string | null;
}

/** Append-only, partitioned by month of `at`: the truth of a call. */
interface CallEventTable {
  callId: string;
  /** Position within the call, from 1. */
  seq: number;
  at: Time;
  /** `call.started`, `flow.nodeEntered`, `flow.keysPressed` … */
  kind: string;
  data: Json<Record<string, unknown>>;
}

export type RecordingPurpose = 'call' | 'repair' | 'message' | 'complaint' | 'suggestion';

/** The row is written before the first sample, so that no audio is ever without its owner. */
interface RecordingTable {
  id: string;
  callId: string;
  legId: string;
  workOrderId: string | null;
  purpose: RecordingPurpose;
  state: RecordingState;
  /** Relative to the recordings folder. */
  path: string;
  channels: number;
  startedAt: Time;
  endedAt: OptionalTime;
  durationMs: number | null;
  bytes: ColumnType<number | null, number | null | undefined, number | null>;
  sha256: string | null;
  /** What its end lacks, since the disk was full or the switch died; null when it is whole. */
  missingMs: ColumnType<number | null, number | null | undefined, number | null>;
  /** What the flow was doing, to finish the caller's wish when call and service died together. */
  resume: OptionalJson<unknown>;
}

interface FaxTable {
  id: string;
  callId: string;
  workOrderId: string | null;
  /** The hotline that was dialled. */
  did: string;
  /** Of the sending machine; empty when withheld. */
  number: string;
  pages: number;
  receivedAt: Time;
}

/** For bills of a home, for a message of a campaign, or for an article. */
interface FaxSendingTable {
  id: string;
  roomId: string | null;
  billIds: string[] | null;
  messageId: Generated<string | null>;
  articleId: Generated<string | null>;
  /** Tried once. */
  isUrgent: Generated<boolean>;
  number: string;
  language: Language;
  /** Shown to the far end. */
  did: string;
  state: Generated<FaxSendingState>;
  pages: number | null;
  /** Of the latest try that failed. */
  reason: string | null;
  staffId: string | null;
  /** The call in which its caller asked for it. */
  callId: string | null;
  key: string;
  nextTryAt: Time | null;
  createdAt: Time;
  endedAt: Time | null;
}
export type FaxSending = Selectable<FaxSendingTable>;

interface FaxTryTable {
  id: string;
  faxId: string;
  callId: string;
  startedAt: Time;
  endedAt: Time | null;
  isSent: Generated<boolean>;
  pagesSent: Generated<number>;
  reason: string | null;
}
export type FaxTry = Selectable<FaxTryTable>;

interface WorkOrderTable {
  id: string;
  /** Spoken number, `261122-0037`: local day and a counter from 1. */
  number: string;
  kind: WorkOrderKind;
  /** Within the kind: for repairs `water`, `electricity`, `gas`, `house`, `other`. */
  category: string;
  state: WorkOrderState;
  severity: Severity;
  source: OrderSource;
  estateId: string;
  roomId: string | null;
  personId: string | null;
  callId: string | null;
  contactNumber: string;
  language: Language;
  summary: string;
  /** One order a key, whatever is retried: `<callId>:<step>` for a flow. */
  idempotencyKey: string | null;
  createdAt: Time;
  updatedAt: Time;
}

interface WorkOrderEventTable {
  id: string;
  workOrderId: string;
  fromState: WorkOrderState | null;
  toState: WorkOrderState;
  /** A note and an edit keep the state. */
  kind: Generated<OrderStepKind>;
  /** Of an edit: each field, as it was and as it became. */
  changes: ColumnType<Record<string, { from: string; to: string }>, string | undefined, never>;
  /** `ivr`, `staff:<id>`, `system`. */
  actor: string;
  note: string;
  at: Time;
}

interface WorkOrderCounterTable {
  day: string;
  last: number;
}

interface IdempotencyKeyTable {
  staffId: string;
  key: string;
  /** SHA-256 of method, path and body: the same key with another request is refused. */
  requestHash: string;
  status: number | null;
  body: OptionalJson<unknown>;
  createdAt: CreatedAt;
}

/** Events that happened, written in the transaction that made them true. */
interface OutboxTable {
  id: Generated<number>;
  name: string;
  payload: Json<unknown>;
  at: Time;
  publishedAt: OptionalTime;
}

/** Messages between processes that are too long for NOTIFY; gone after ten minutes. */
interface MessageTable {
  id: Generated<number>;
  payload: string;
  createdAt: CreatedAt;
}

interface MetaTable {
  key: string;
  value: string;
}

export type Estate = Selectable<EstateTable>;
export type Hotline = Selectable<HotlineTable>;
export type Room = Selectable<RoomTable>;
export type Person = Selectable<PersonTable>;
export type PersonPhone = Selectable<PersonPhoneTable>;
export type PersonAddress = Selectable<PersonAddressTable>;
export type Occupancy = Selectable<OccupancyTable>;
export type Bill = Selectable<BillTable>;
export type CallRow = Selectable<CallTable>;
export type NewCall = Insertable<CallTable>;
export type CallEvent = Selectable<CallEventTable>;
export type Recording = Selectable<RecordingTable>;
export type WorkOrder = Selectable<WorkOrderTable>;
export type NewWorkOrder = Insertable<WorkOrderTable>;
export type Staff = Selectable<StaffTable>;
