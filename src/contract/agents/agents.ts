/**
 * Agents, their phones and what is on their desk. Presence is what a person chose; engagement is what
 * calls impose on them. An agent is offered calls only while available and idle with a phone that is ready.
 */
import { Type, type Static } from 'typebox';
import {
  callDirections,
  engagements,
  legRoles,
  listeningModes,
  offerKinds,
  phoneKinds,
  presences,
  severities,
  superviseModes,
} from '../codes.ts';
import { Instant, Localised, nullable, PhoneNumber, Uuid, closed, oneOf } from '../fields.ts';
import { Pop } from './pop.ts';

export const Presence = oneOf(presences);
export type Presence = Static<typeof Presence>;

export const Engagement = oneOf(engagements);
export type Engagement = Static<typeof Engagement>;

/** `browser`: softphone of the desk; `sip`: a desk phone registered as the same user; `outside`: any number. */
export const PhoneKind = oneOf(phoneKinds);
export type PhoneKind = Static<typeof PhoneKind>;

export const AgentView = closed({
  staffId: Uuid,
  username: Type.String(),
  displayName: Type.String(),
  presence: Presence,
  /** Code of the break reason; null unless on a break. */
  reason: nullable(Type.String()),
  presenceSince: Instant,
  /** Name of the supervisor who set it; null for their own choice, and for what a missed call brought about. */
  presenceBy: nullable(Type.String()),
  engagement: Engagement,
  engagementSince: Instant,
  /** The call that they are offered, talk in, or wrap up. */
  callId: nullable(Uuid),
  phone: PhoneKind,
  isPhoneReady: Type.Boolean(),
  queueIds: Type.Array(Uuid),
  handledToday: Type.Integer(),
});
export type AgentView = Static<typeof AgentView>;

export const LegView = closed({
  legId: Uuid,
  role: oneOf(legRoles),
  staffId: nullable(Uuid),
  /** Display name of staff, or the number. */
  label: Type.String(),
  state: Type.Union([
    Type.Literal('dialling'),
    Type.Literal('ringing'),
    Type.Literal('talking'),
    Type.Literal('held'),
    Type.Literal('waiting'),
    Type.Literal('listening'),
    Type.Literal('ended'),
  ]),
});
export type LegView = Static<typeof LegView>;

/** Where the conversation of a desk stands. */
export const Conversation = Type.Union([
  Type.Literal('dialling'),
  Type.Literal('talking'),
  Type.Literal('held'),
  Type.Literal('consulting'),
  Type.Literal('conference'),
]);

/** What a supervisor in somebody's conversation may do: hear both, be heard by the agent, or by both. */
export const SuperviseMode = oneOf(listeningModes);
export type SuperviseMode = Static<typeof SuperviseMode>;

/** A half-written work order: lives with the call, so that whoever takes it over sees it at once. */
export const OrderDraft = closed({
  kind: Type.Optional(Type.String({ maxLength: 40 })),
  category: Type.Optional(Type.String({ maxLength: 60 })),
  severity: Type.Optional(oneOf(severities)),
  summary: Type.Optional(Type.String({ maxLength: 2000 })),
  roomId: Type.Optional(nullable(Uuid)),
  personId: Type.Optional(nullable(Uuid)),
  notes: Type.Optional(Type.String({ maxLength: 4000 })),
});
export type OrderDraft = Static<typeof OrderDraft>;

export const DeskCall = closed({
  callId: Uuid,
  direction: oneOf(callDirections),
  conversation: Conversation,
  startedAt: Instant,
  answeredAt: nullable(Instant),
  legs: Type.Array(LegView),
  isRecording: Type.Boolean(),
  /** True while a supervisor listens and policy says that agents may know. */
  isSupervised: Type.Boolean(),
  /** False for a colleague who was asked or joined: the customer is not theirs (yet). */
  isMine: Type.Boolean(),
  /** Whose customer it is, for whoever was asked; null when it is mine. */
  askedBy: nullable(Type.String()),
  pop: Pop,
  draft: OrderDraft,
});
export type DeskCall = Static<typeof DeskCall>;

export const OfferView = closed({
  offerId: Uuid,
  callId: Uuid,
  queueId: nullable(Uuid),
  /** `transfer` and `consult` come from a colleague, with their half-written order. */
  kind: oneOf(offerKinds),
  fromStaffId: nullable(Uuid),
  offeredAt: Instant,
  expiresAt: Instant,
  /** Since when they wait: for anybody, or, where a colleague asks or sends them on, for this answer. */
  waitingSince: Instant,
  /** The same in seconds, as of this message. */
  waitedSec: Type.Integer(),
  pop: Pop,
  draft: OrderDraft,
});
export type OfferView = Static<typeof OfferView>;

export const WrapUpView = closed({
  callId: Uuid,
  since: Instant,
  /** Null when only the agent ends it. */
  endsAt: nullable(Instant),
  /** Who has the customer now, and the half-written order with them: a name, or empty; null for nobody. */
  handedTo: nullable(Type.String()),
  pop: Pop,
  draft: OrderDraft,
});
export type WrapUpView = Static<typeof WrapUpView>;

/** Everything on one agent's desk. */
export const DeskView = closed({
  agent: AgentView,
  offer: nullable(OfferView),
  call: nullable(DeskCall),
  wrapUp: nullable(WrapUpView),
  /** The browser in which the softphone is in use; null when none has said so. */
  phoneBrowser: nullable(Type.String()),
  /** Somebody else's conversation that I listen to or speak into. */
  supervising: nullable(closed({ callId: Uuid, mode: SuperviseMode, agentName: Type.String() })),
});
export type DeskView = Static<typeof DeskView>;

/** How a softphone registers. The password is new with every answer; the one before stops working. */
export const PhoneAccount = closed({
  uri: Type.String(),
  wsUrl: Type.String(),
  username: Type.String(),
  password: Type.String(),
  realm: Type.String(),
});
export type PhoneAccount = Static<typeof PhoneAccount>;

/** `POST /demo/phone` */
export const DemoPhoneAccount = closed({
  ...PhoneAccount.properties,
  /** Whether calls to numbers outside ring at such telephones; not where a carrier is set up. */
  isCalled: Type.Boolean(),
});
export type DemoPhoneAccount = Static<typeof DemoPhoneAccount>;

export const CodeName = closed({
  code: Type.String(),
  name: Localised,
  isActive: Type.Boolean(),
});
export type CodeName = Static<typeof CodeName>;

// -- requests --------------------------------------------------------------------------------------

/** `POST /agents/me/session` */
export const SeatRequest = closed({ phone: PhoneKind, number: Type.Optional(PhoneNumber) });
/** `PUT /agents/me/presence`, `PUT /agents/:staffId/presence` */
export const PresenceRequest = closed({
  presence: Presence,
  reason: Type.Optional(Type.String({ maxLength: 40 })),
});
/** `POST /demo/phone` */
export const DemoPhoneRequest = closed({
  number: Type.String({ pattern: '^[0-9]{3,15}$' }),
  /** Rings when its own number is dialled, or for every number that is no other telephone's. */
  answers: Type.Optional(Type.Union([Type.Literal('own'), Type.Literal('every')])),
  /** Chosen by the telephone, so that two of one number do not shut each other out. */
  phone: Type.Optional(Type.String({ pattern: '^[a-z0-9]{4,16}$' })),
});
/** `POST /agents/me/phone` */
export const PhoneRequest = closed({
  /** Names the browser that asks, the same for all its pages. */
  browser: Type.Optional(Type.String({ minLength: 8, maxLength: 64 })),
  /** Takes the telephone from the browser that has it. */
  isTaking: Type.Optional(Type.Boolean()),
});
/** `PUT /agents/me/phone` */
export const PhoneStateRequest = closed({
  isRegistered: Type.Boolean(),
  browser: Type.Optional(Type.String({ minLength: 8, maxLength: 64 })),
});
/** Who else is wanted: one of the three. */
export const Party = Type.Union([
  closed({ staffId: Uuid }),
  closed({ queueId: Uuid }),
  closed({ number: PhoneNumber }),
]);
export type Party = Static<typeof Party>;
/** `POST /calls`: the agent's phone rings first, then the number. */
export const DialRequest = closed({
  number: PhoneNumber,
  personId: Type.Optional(Uuid),
  roomId: Type.Optional(Uuid),
  workOrderNumber: Type.Optional(Type.String({ maxLength: 20 })),
});
/** `POST /calls/:id/wrap-up` ends the wrap-up. */
export const WrapUpRequest = closed({
  reasonCode: Type.String({ maxLength: 40 }),
  note: Type.Optional(Type.String({ maxLength: 4000 })),
  nextContactAt: Type.Optional(Instant),
});
/** `PUT /calls/:id/supervision` */
export const SuperviseRequest = closed({
  mode: oneOf(superviseModes),
});
/** `PUT /calls/:id/person` */
export const IdentifyRequest = closed({ personId: nullable(Uuid), roomId: nullable(Uuid) });
