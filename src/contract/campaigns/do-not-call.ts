/** The do-not-call list: whom campaigns leave alone, who said so and why. */
import { Type, type Static } from 'typebox';
import { doNotCallSources } from '../codes.ts';
import { CampaignPurpose } from './kinds.ts';
import { Instant, nullable, PhoneNumber, Uuid, WrittenNumber, closed } from '../fields.ts';

/** `all`, or calls of one purpose. */
export const DoNotCallScope = Type.Union([Type.Literal('all'), CampaignPurpose]);
const Reason = Type.String({ minLength: 1, maxLength: 200, pattern: '\\S' });

export const DoNotCallView = closed({
  id: Uuid,
  number: nullable(PhoneNumber),
  /** The person of the entry, or whose number it is as far as the reader may know. */
  person: nullable(closed({ id: Uuid, name: Type.String() })),
  scope: DoNotCallScope,
  /** Null: for good. */
  until: nullable(Instant),
  source: Type.Enum(doNotCallSources),
  reason: Type.String(),
  /** Where somebody asked for it. */
  campaign: nullable(closed({ id: Uuid, name: Type.String() })),
  callId: nullable(Uuid),
  createdBy: Type.String(),
  createdAt: Instant,
  isActive: Type.Boolean(),
  liftedAt: nullable(Instant),
  liftedBy: nullable(Type.String()),
  liftedReason: nullable(Type.String()),
});
export type DoNotCallView = Static<typeof DoNotCallView>;

export const NewDoNotCall = closed({
  number: Type.Optional(WrittenNumber),
  personId: Type.Optional(Uuid),
  scope: Type.Optional(DoNotCallScope),
  until: Type.Optional(nullable(Instant)),
  reason: Reason,
});
export type NewDoNotCall = Static<typeof NewDoNotCall>;

export const LiftDoNotCall = closed({ reason: Reason });

export const LiftedDoNotCall = closed({
  entry: DoNotCallView,
  /** Other entries that still keep the number or the person from being called. */
  others: Type.Integer({ minimum: 0 }),
});
export type LiftedDoNotCall = Static<typeof LiftedDoNotCall>;

export const ImportDoNotCall = closed({
  /** The list itself, or the file's bytes in base64: UTF-8, UTF-16 or GB18030. */
  text: Type.Optional(Type.String({ minLength: 1 })),
  file: Type.Optional(Type.String({ minLength: 1, contentEncoding: 'base64' })),
  scope: Type.Optional(DoNotCallScope),
  until: Type.Optional(nullable(Instant)),
  reason: Reason,
});

export const ImportedDoNotCall = closed({
  added: Type.Integer({ minimum: 0 }),
  /** Were on the list already. */
  known: Type.Integer({ minimum: 0 }),
  /** All lines without a number that can be taken. */
  faultCount: Type.Integer({ minimum: 0 }),
  /** The first of them; line 1 is the first of the file. */
  faults: Type.Array(closed({ line: Type.Integer(), reason: Type.String() })),
});
export type ImportedDoNotCall = Static<typeof ImportedDoNotCall>;
