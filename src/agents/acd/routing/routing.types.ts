/**
 * The plain data that the router works on. All instants are epoch milliseconds: the router has no
 * clock. A queue, a caller and an agent are each one row of the database, so that a restart rebuilds
 * the same world (`RoutingWorld`) and reaches the same decisions.
 */
import type { QueueSettings } from '../../../contract/agents/queues.ts';

export type RoutingQueue = Pick<
  QueueSettings,
  | 'strategy'
  | 'skills'
  | 'priority'
  | 'ageingPerMinute'
  | 'offerSec'
  | 'maxWaitSec'
  | 'maxLength'
  | 'overflow'
  | 'isActive'
> & { queueId: string };

/**
 * `return`: their agent's browser or phone was lost in mid-call, so that person is waited for even
 * while away, and the caller then goes ahead of all but emergencies. The other two hold only while
 * that agent is available (talking counts).
 */
export type PreferenceKind = 'return' | 'account_agent' | 'last_agent';

/** Until then the caller is kept for that agent, whose queues and skills do not matter. */
export interface Preference {
  staffId: string;
  kind: PreferenceKind;
  until: number;
}

/** An agent who declined or did not answer is left alone with this caller until then. */
export interface Rest {
  staffId: string;
  until: number;
}

export interface WaitingCaller {
  callId: string;
  queueId: string;
  /** When they came into this queue: counts for `maxWaitSec`. */
  enteredAt: number;
  /** When their wait began, in whichever queue: counts for ageing. */
  waitingSince: number;
  /** Added to the queue's priority. */
  priority: number;
  isEmergency: boolean;
  isVip: boolean;
  /** In order of preference. */
  preferred: readonly Preference[];
  resting: readonly Rest[];
  /** The site that was dialled; null when any agent may take it. */
  siteId: string | null;
  /** False until the queue has let them in: only then may `maxLength` turn them away. */
  isAdmitted: boolean;
  /** Queues that they have overflowed from: they never come back to one. */
  visited: readonly string[];
  /** They hung up and will be called: the entry keeps their place, never overflows, fills no queue. */
  isVirtual: boolean;
  /** The callback of one who will be called; so named in rows of former versions. The router does not look at it. */
  promise?: {
    /** As people are known by it. */
    number: string;
    /** Times that their telephone was rung. */
    tries: number;
    /** Not before then. */
    notBefore: number;
  };
}

export interface RoutingAgent {
  staffId: string;
  /** Level 1–5 per skill. */
  skills: Readonly<Record<string, number>>;
  queueIds: readonly string[];
  /** Presence chosen by the person, whatever calls they are in. */
  isAvailable: boolean;
  /** No call and no wrap-up. What the router itself has offered does not count: it knows that. */
  isFree: boolean;
  isPhoneReady: boolean;
  idleSince: number;
  handledToday: number;
  lastOfferedAt: number | null;
  /** Place in a `top_down` queue, lowest first. */
  order: number;
  /** Sites whose callers they may see; null for all. */
  siteIds: readonly string[] | null;
}

/** An offer that stands: made, not answered, declined or over yet. */
export interface OpenOffer {
  callId: string;
  staffId: string;
  expiresAt: number;
}

export interface RoutingWorld {
  queues: readonly RoutingQueue[];
  callers: readonly WaitingCaller[];
  agents: readonly RoutingAgent[];
  offers: readonly OpenOffer[];
}

export type OverflowTarget = QueueSettings['overflow'];

export type Decision =
  | {
      kind: 'offer';
      callId: string;
      queueId: string;
      /** One agent, or with `ring_all` several; more may be added to a call that rings already. */
      staffIds: readonly string[];
      expiresAt: number;
      isCallback: boolean;
    }
  | {
      kind: 'overflow';
      callId: string;
      fromQueueId: string;
      /** To another queue the router has moved them already; else they have left it. */
      to: OverflowTarget;
      why: 'wait' | 'length' | 'closed';
    };
