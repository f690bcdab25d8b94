import type { SuperviseMode } from '../../contract/agents/agents.ts';
import type { Leg } from '../../cti/index.ts';

/** Where a telephone's own transfer leads: a queue, or one person through a queue. */
export interface Referral {
  queueId: string;
  staffId: string | null;
}

/** A supervisor who is in it without being part of it. */
export interface Supervisor {
  leg: Leg;
  mode: SuperviseMode;
}

/** How a conversation ended for the customer. */
export type ConversationEnd =
  | { kind: 'customer_left' }
  | { kind: 'agent_left'; queueId: string | null }
  /** The agent's leg was lost: the customer waits for the same person first. */
  | { kind: 'agent_lost'; staffId: string }
  /** Sent on: to a queue, or to one person through a queue. */
  | { kind: 'sent'; queueId: string; staffId: string | null; byStaffId: string };

/** `lost`: their leg was lost, they did not mean to go. */
export type PartyChange = 'joined' | 'left' | 'lost';
