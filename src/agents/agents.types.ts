import type { OrderDraft, Party as WantedParty } from '../api/contract/agents.ts';
import type { Pop } from '../api/contract/pop.ts';
import type { Clock } from '../core/clock.ts';
import type { Language } from '../core/language.ts';
import type { Log } from '../core/log.ts';
import type { Call, Cti, Endpoint } from '../cti/index.ts';
import type { Pool } from '../db/index.ts';
import type { Recordings } from '../recording/index.ts';
import type { Tts } from '../tts/index.ts';
import type { Conversation, Party } from './conversation/conversation.ts';
import type { EngagementStore } from './conversation/engagement-store.ts';
import type { Lines } from './conversation/lines.ts';
import type { MemoryBoard } from './live-board.ts';
import type { Seat } from './presence/seat.ts';
import type { Seats } from './presence/seats.ts';
import type { Floor } from './queue/floor.ts';
import type { Waits } from './queue/figures.ts';
import type { Tunes } from './queue/music.ts';

/** What a flow asks for when it connects a caller with a person. */
export interface ServeRequest {
  /** Names the place in the flow, so that side effects happen once. */
  step: string;
  /** Code of the queue. */
  queue: string;
  isEmergency: boolean;
  language: Language;
  estateId: string | null;
}

export type ServeResult =
  /** They talked; the customer is still there only when the agent hung up first. */
  | { result: 'talked' }
  /** Nobody answered: the caller chose, or was sent, to leave a message. */
  | { result: 'message' }
  /** The caller is told that they will be called back. */
  | { result: 'callback' };

export type { WantedParty, OrderDraft, Conversation, Party };

export interface AgentsOptions {
  db: Pool;
  clock: Clock;
  log: Log;
  cti: Cti;
  tts: Tts;
  recordings: Recordings;
  board: MemoryBoard;
  tunes: Tunes;
  /** Trunks to outside numbers, the preferred one first. */
  trunks: readonly string[];
}

/** What the parts of this folder share. */
export interface Desk extends AgentsOptions {
  seats: Seats;
  floor: Floor;
  /** Of today, those that are over. */
  waits: Waits;
  lines: Lines;
  engagements: EngagementStore;
  /** By call. */
  conversations: Map<string, Conversation>;
  pops: Pops;
  /** Shows everything about that agent again. */
  show: (staffId: string) => void;
  /** A call that a screen may show. */
  onCall: (call: Call) => void;
  /** A conversation is in another state now: its agents' screens follow. */
  onConversation: (conversation: Conversation) => void;
  onParty: (conversation: Conversation, party: Party, what: 'joined' | 'left') => void;
  /** Where an outside number is dialled; throws `dial.no_trunk`. */
  outside: (number: string) => Promise<Endpoint>;
  endpointOf: (seat: Seat) => Endpoint;
}

/** What is known of callers, for screens; asked once a call and kept until it changes. */
export interface Pops {
  /** What is known now; undefined until it has been read. */
  peek(callId: string): Pop | undefined;
  read(callId: string): Promise<Pop>;
  refresh(callId: string): Promise<Pop>;
  forget(callId: string): void;
}
