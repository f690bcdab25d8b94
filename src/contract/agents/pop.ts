/** What an agent sees of a caller before the first word: one frame, complete, no further request needed. */
import { Type, type Static } from 'typebox';
import { callDirections, occupancyRoles } from '../codes.ts';
import {
  Fen,
  Instant,
  LanguageCode,
  Localised,
  nullable,
  PhoneNumber,
  Uuid,
  closed,
  oneOf,
} from '../fields.ts';

export const PopOrder = closed({
  number: Type.String(),
  kind: Type.String(),
  category: Type.String(),
  state: Type.String(),
  severity: Type.String(),
  summary: Type.String(),
  createdAt: Instant,
});

export const PopHome = closed({
  roomId: Uuid,
  /** `3栋2单元1201` */
  label: Type.String(),
  estateId: Uuid,
  estateName: Localised,
  role: oneOf(occupancyRoles),
  unpaidCount: Type.Integer(),
  unpaidFen: Fen,
  /** The newest of them. */
  openOrders: Type.Array(PopOrder),
  /** All of them. */
  openOrderCount: Type.Integer({ minimum: 0 }),
});

export const PopContact = closed({
  callId: Uuid,
  at: Instant,
  direction: oneOf(callDirections),
  outcome: nullable(Type.String()),
  agentName: nullable(Type.String()),
  note: Type.String(),
});

export const PopCandidate = closed({
  personId: Uuid,
  name: Type.String(),
  isVip: Type.Boolean(),
  language: LanguageCode,
  notes: Type.String(),
  /** Risk and care flags, e.g. `lives_alone`, `dispute`, `do_not_call`. */
  flags: Type.Array(Type.String()),
  homes: Type.Array(PopHome),
  lastContacts: Type.Array(PopContact),
});

/** A step that the caller took in the menu. Keys of a PIN never appear. */
export const PathStep = closed({
  at: Instant,
  node: Type.String(),
  key: nullable(Type.String()),
});

export const Pop = closed({
  callId: Uuid,
  /** `outbound` when we dialled: `callerNumber` is theirs all the same, `did` the number that they see. */
  direction: oneOf(callDirections),
  did: Type.String(),
  /** Which site was dialled. */
  estateId: nullable(Uuid),
  estateName: nullable(Localised),
  callerNumber: PhoneNumber,
  /** A carrier vouches for the number; else it is a stranger's claim, and nobody is looked up by it. */
  isNumberVerified: Type.Boolean(),
  language: LanguageCode,
  isEmergency: Type.Boolean(),
  /** Set when the caller or an agent said who calls; else the desk asks to choose a candidate. */
  personId: nullable(Uuid),
  roomId: nullable(Uuid),
  /** Passed the PIN in this call. */
  isVerified: Type.Boolean(),
  candidates: Type.Array(PopCandidate),
  path: Type.Array(PathStep),
});
export type Pop = Static<typeof Pop>;
