import type { SuperviseMode } from '../../contract/agents.ts';
import type { Log } from '../../core/log.ts';
import type { Leg } from '../../cti/index.ts';
import type { Conversation } from './conversation.ts';

/** An agent, or whoever else was brought in. */
export interface Party {
  /** Null for an outside number. */
  staffId: string | null;
  label: string;
  leg: Leg;
}

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
  /** The agent's line broke: the customer waits for the same person first. */
  | { kind: 'agent_lost'; staffId: string }
  /** Sent on: to a queue, or to one person through a queue. */
  | { kind: 'sent'; queueId: string; staffId: string | null; byStaffId: string };

export interface ConversationParts {
  log: Log;
  /** Something that a screen shows has changed. */
  onChange: (conversation: Conversation) => void;
  /**
   * Writes that they talk from now on, while the switch connects them: what a screen shows as a talk is in
   * the rows, whatever dies next. Never throws.
   */
  onJoining: (conversation: Conversation, party: Party) => Promise<void>;
  /** Somebody joined or left; for their engagement, and the timeline. */
  onParty: (conversation: Conversation, party: Party, what: PartyChange) => void;
  /** Who is meant by the target of a telephone's own transfer; undefined when nobody can take the call. */
  referredTo: (conversation: Conversation, target: string) => Promise<Referral | undefined>;
  /** Where a caller goes whom nobody else takes. */
  queueFor: (conversation: Conversation) => string | undefined;
  /** A page that is loaded anew says goodbye like one who hangs up. */
  isBrowser: (staffId: string) => boolean;
}

/** `lost`: their line broke, they did not mean to go. */
export type PartyChange = 'joined' | 'left' | 'lost';
