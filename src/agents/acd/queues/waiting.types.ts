import type { Call, Endpoint, Leg } from '../../../cti/index.ts';
import type { Seat } from '../sessions/seat.ts';
import type { OverflowTarget, WaitingCaller } from '../routing/index.ts';

/** An agent, or whoever else was brought in. */
export interface Party {
  /** Null for an outside number. */
  staffId: string | null;
  label: string;
  leg: Leg;
}

/** How a wait ended. */
export type WaitEnd =
  | { kind: 'answered'; party: Party; queueId: string }
  | { kind: 'overflow'; to: Exclude<OverflowTarget, object> };

export interface Waiter {
  call: Call;
  /** Who sent them on; null for those who come by themselves. */
  fromStaffId: string | null;
  onEnd: (end: WaitEnd) => void;
}

/** Which telephones there are. */
export interface QueueTelephony {
  endpointOf: (seat: Seat) => Endpoint;
  /** Whether telephones outside can be rung for emergencies that no agent is there for. */
  hasDutyPhones: boolean;
  /** Numbers of everybody who is in a call with us. */
  liveNumbers: () => readonly string[];
}

export interface AcdListeners {
  /** Who waits in a queue, or what an agent is offered, has changed. */
  onChange: (change: { queueIds: readonly string[]; staffIds: readonly string[] }) => void;
  /** An agent is free for somebody who went away and wants to be called back. */
  onCallback: (caller: WaitingCaller, staffId: string) => void;
}
