import type { Generated, Insertable, Selectable } from 'kysely';
import type { CallDirection, CallState, LegRole } from '../../contract/codes.ts';
import type { Language } from '../../core/language.ts';
import type { Json, OptionalTime, Time } from './columns.ts';

/** Calls and their legs. */
export interface CallTables {
  call: CallTable;
  callLeg: CallLegTable;
  callEvent: CallEventTable;
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

export type CallRow = Selectable<CallTable>;
export type NewCall = Insertable<CallTable>;
export type CallEvent = Selectable<CallEventTable>;
