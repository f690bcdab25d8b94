import type { ColumnType, Generated } from 'kysely';
import type { QueueSettings } from '../../contract/agents/queues.ts';
import type {
  AlarmKind,
  OfferKind,
  OfferResult,
  PhoneKind,
  Presence,
} from '../../contract/codes.ts';
import type { CreatedAt, Json, OptionalTime, Time } from './columns.ts';

/** People who answer, their queues and telephones; see migration 0031. */
export interface AgentTables {
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
}

/** The tables of agents and queues; see migration 0031. */
interface QueueTable {
  id: string;
  code: string;
  settings: Json<QueueSettings>;
  createdAt: CreatedAt;
}

interface QueueMemberTable {
  queueId: string;
  staffId: string;
  /** For `top_down`: lowest first. */
  place: Generated<number>;
}

/** A telephone that may register. `ha1` is MD5 of `<username>:lingting:<password>`. */
interface PhoneAccountTable {
  username: string;
  staffId: string | null;
  ha1: string;
  /** The same by SHA-256; null of passwords given out before it was kept. */
  ha1Sha256: string | null;
  /** What others see when it calls; null for agents. */
  callerNumber: string | null;
  updatedAt: Time;
  sessionId: ColumnType<string | null, string | null | undefined, string | null>;
  endedAt: OptionalTime;
}

interface AgentSeatTable {
  staffId: string;
  phone: PhoneKind;
  /** Of an outside phone. */
  number: string | null;
  presence: Presence;
  reason: string | null;
  presenceSince: Time;
  /** Name of the supervisor who set it. */
  presenceBy: Generated<string | null>;
  seatedAt: Time;
  idleSince: Time;
  lastOfferedAt: OptionalTime;
}

interface AgentEventTable {
  id: string;
  staffId: string;
  at: Time;
  /** `presence.changed`, `engagement.changed`. */
  kind: string;
  data: Json<Record<string, unknown>>;
}

export type QueueEntryState = 'waiting' | 'answered' | 'abandoned' | 'overflowed' | 'callback';

interface QueueEntryTable {
  callId: string;
  queueId: string;
  state: QueueEntryState;
  /** A `WaitingCaller` of the router. */
  caller: ColumnType<unknown, string, string>;
  enteredAt: Time;
  leftAt: OptionalTime;
  answeredBy: string | null;
  callbackNumber: string | null;
}

/** One row a wait, kept by the database from what happens to the entry of the call. */
interface QueueWaitTable {
  id: Generated<string>;
  callId: string;
  queueId: string;
  state: QueueEntryState;
  enteredAt: Time;
  leftAt: OptionalTime;
  answeredBy: string | null;
}

interface OfferTable {
  id: string;
  callId: string;
  staffId: string;
  queueId: string | null;
  kind: OfferKind;
  fromStaffId: string | null;
  legId: string | null;
  madeAt: Time;
  expiresAt: Time;
  endedAt: OptionalTime;
  result: OfferResult | null;
}

/** One agent's part in one call, until their wrap-up is done. */
interface EngagementTable {
  id: string;
  callId: string;
  staffId: string;
  queueId: string | null;
  legId: string;
  talkSince: Time;
  talkUntil: OptionalTime;
  wrapUpEndsAt: OptionalTime;
  endedAt: OptionalTime;
  reasonCode: string | null;
  note: Generated<string>;
  nextContactAt: OptionalTime;
}

interface OrderDraftTable {
  callId: string;
  draft: Json<Record<string, unknown>>;
  updatedBy: string | null;
  updatedAt: Time;
}

interface AlarmTable {
  id: string;
  kind: AlarmKind;
  raisedAt: Time;
  callId: string | null;
  queueId: string | null;
  estateId: string | null;
  details: Json<Record<string, unknown>>;
  acknowledgedBy: string | null;
  acknowledgedAt: OptionalTime;
  clearedAt: OptionalTime;
}

interface DutyPhoneTable {
  id: string;
  estateId: string | null;
  place: number;
  name: string;
  number: string;
  ringSec: Generated<number>;
}
