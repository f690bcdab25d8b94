import type { DiskState } from '../core/disk.ts';
import type { Static } from 'typebox';
import type {
  DeskView,
  IdentifyRequest,
  OrderDraft,
  Party as WantedParty,
  PhoneKind,
  Presence,
  WrapUpRequest,
} from '../contract/agents.ts';
import type { QueueSettings } from '../contract/queues.ts';
import type { Pop } from '../contract/pop.ts';
import type { EventBus } from '../core/messages/bus.ts';
import type { Clock } from '../core/clock.ts';
import type { Latencies } from '../core/latencies.ts';
import type { Language } from '../core/language.ts';
import type { Log } from '../core/log.ts';
import type { Call, Cti, Endpoint } from '../cti/index.ts';
import type { Pool } from '../db/index.ts';
import type { Dialling, DialWish } from '../dialling/index.ts';
import type { EventMap } from '../events.ts';
import type { Recordings } from '../recording/index.ts';
import type { Tts, Utterance } from '../tts/index.ts';
import type { Adoptions } from './adoption.ts';
import type { Conversation } from './conversation/conversation.ts';
import type { Party, PartyChange } from './conversation/conversation.types.ts';
import type { EngagementStore } from './conversation/engagement-store.ts';
import type { MemoryBoard } from './live-board.ts';
import type { DialRequest } from './dial-out.ts';
import type { Occupancy } from './presence/occupancy.ts';
import type { Seat } from './presence/seat.ts';
import type { Seats } from './presence/seats.ts';
import type { QueueStrength } from './presence/strength.ts';
import type { Floor } from './queue/floor.ts';
import type { Waits } from './queue/figures.ts';
import type { SuperviseMode } from './supervise.ts';
import type { Tunes } from './queue/music.ts';

/** What a flow asks for when it connects a caller with a person. */
export interface ServeRequest {
  /** Names the place in the flow, so that side effects happen once. */
  step: string;
  /** Code of the queue; one that is closed leads to the one for everybody. */
  queue: string;
  isEmergency: boolean;
  language: Language;
  estateId: string | null;
  /** Somebody whom we called: they are told at once when no agent is free. */
  dialled?: {
    /** Said while a telephone rings, instead of the welcome to the queue. */
    opening: readonly Utterance[];
    /** After this time with no telephone ringing for them the wait is over. */
    patienceMs: number;
    /** Whose call it is, when that was decided beforehand. */
    staffId: string | undefined;
    onConnected: () => void;
  };
}

export type ServeResult =
  /** They talked, and the agent has hung up first; the customer may be asked for a mark. */
  | { result: 'talked'; isAsked: boolean }
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
  latencies: Latencies;
  /** Accounts that change. */
  events: Pick<EventBus<EventMap>, 'on' | 'watch' | 'onGap'>;
  /** Trunks to outside numbers, the preferred one first. */
  trunks: readonly string[];
  /** Which numbers outside may be dialled. */
  dialling: Dialling;
}

/** What the parts of this folder share. */
export interface Desk extends AgentsOptions {
  seats: Seats;
  floor: Floor;
  /** Of today, those that are over. */
  waits: Waits;
  engagements: EngagementStore;
  /** By call. */
  conversations: Map<string, Conversation>;
  pops: Pops;
  /** Calls that a predecessor led. */
  adoptions: Adoptions;
  /** Shows everything about that agent again. */
  show: (staffId: string) => void;
  /** A call that a screen may show. */
  onCall: (call: Call) => void;
  /** A conversation is in another state now: its agents' screens follow. */
  onConversation: (conversation: Conversation) => void;
  onJoining: (conversation: Conversation, party: Party) => Promise<void>;
  onParty: (conversation: Conversation, party: Party, what: PartyChange) => void;
  /** Where an outside number is dialled; throws `dial.*` when it may not be, or there is no trunk. */
  outside: (wish: DialWish) => Promise<OutsideEndpoint>;
  endpointOf: (seat: Seat) => Endpoint;
}

export type OutsideEndpoint = Extract<Endpoint, { kind: 'gateway' }>;

/** What is known of callers, for screens; asked once a call and kept until it changes. */
export interface Pops {
  /** What is known now; undefined until it has been read. */
  peek(callId: string): Pop | undefined;
  read(callId: string): Promise<Pop>;
  refresh(callId: string): Promise<Pop>;
  /** Calls of which that home, or that person, is shown; all that are known when neither is named. */
  about(whom: { roomId?: string | null; personId?: string }): string[];
  forget(callId: string): void;
}

export interface Member {
  id: string;
  username: string;
  displayName: string;
}

/** People who answer, and what they may do. Every act throws an `AppError` that names what is wrong. */
export interface Agents {
  /** Shows the queues; nobody is seated, and nothing rings, before `lead`. */
  start(): Promise<void>;
  /**
   * This service drives the switch: who sits, waits and is owed a call is read from the rows, and served. Resolves
   * when that is done, or the database has taken too long; it is tried again then.
   */
  lead(): Promise<void>;
  /** Another service drives now: lets go of everything and writes nothing more of it. */
  standBy(): void;
  stop(): void;
  /** Every live call passes here once, for the screens; one that a predecessor led is taken up again. */
  onCall(call: Call, how: 'new' | 'adopted'): void;
  /** One that an agent dialled, and a predecessor led. After `onCall`. */
  leadOn(call: Call, how: 'new' | 'adopted'): void;
  /** All calls of that switch are known: whoever is still in a call that is over is let go. */
  onReconciled(switchNode: string): Promise<void>;
  /** Supervisors are told while recordings have too little room. */
  onDisk(disk: { state: DiskState; freeMb: number }): Promise<void>;
  /** Connects a caller with a person; see `serve`. */
  serve(call: Call, request: ServeRequest): Promise<ServeResult>;
  /** For those who dial ahead of a queue's agents. */
  strengthOf(queueId: string): QueueStrength;

  takeSeat(member: Member, phone: PhoneKind, number: string | undefined): Promise<DeskView>;
  leaveSeat(staffId: string, isForced?: boolean): Promise<void>;
  /** Resolves when it is written down. */
  setPresence(
    staffId: string,
    presence: Presence,
    reason: string | undefined,
    /** The supervisor who does it to them. */
    by?: string,
  ): Promise<DeskView>;
  /** Their softphone is in that browser now. Throws `phone.elsewhere` when another one has it and keeps it. */
  usePhone(staffId: string, browser: string, isTaking: boolean): void;
  setPhoneReady(staffId: string, isReady: boolean): void;
  desk(staffId: string): DeskView | undefined;
  decline(staffId: string, offerId: string): Promise<void>;

  dial(staffId: string, request: DialRequest): Promise<{ callId: string }>;
  hold(callId: string, staffId: string): Promise<void>;
  resume(callId: string, staffId: string): Promise<void>;
  hangUp(callId: string, staffId: string): Promise<void>;
  /** Blind. */
  transfer(callId: string, staffId: string, to: WantedParty): Promise<void>;
  consult(callId: string, staffId: string, to: WantedParty): Promise<void>;
  cancelConsult(callId: string, staffId: string): Promise<void>;
  completeConsult(callId: string, staffId: string): Promise<void>;
  confer(callId: string, staffId: string): Promise<void>;
  wrapUp(callId: string, staffId: string, request: Static<typeof WrapUpRequest>): Promise<void>;
  saveDraft(callId: string, staffId: string, draft: OrderDraft): Promise<void>;
  /** Says who calls; throws `owner.not_found`, `home.bad_room`. */
  identify(callId: string, staffId: string, who: Static<typeof IdentifyRequest>): Promise<void>;
  supervise(callId: string, staffId: string, mode: SuperviseMode): Promise<void>;
  stopSupervising(callId: string, staffId: string): Promise<void>;
  acknowledge(alarmId: string, by: string): Promise<void>;

  /** Who answers for that queue now, for whoever dials on their behalf. */
  occupancy(queueId: string): Occupancy;

  addQueue(actor: string, code: string, settings: QueueSettings): Promise<string>;
  changeQueue(actor: string, queueId: string, change: Partial<QueueSettings>): Promise<void>;
  removeQueue(actor: string, queueId: string): Promise<void>;
  setQueueMembers(actor: string, queueId: string, staffIds: readonly string[]): Promise<void>;
}
