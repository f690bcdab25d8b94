/** What came of campaigns: progress, people, attempts as evidence, test calls, and the trunks that carry them. */
import { Type, type Static } from 'typebox';
import { Uuid, Instant, PhoneNumber, Fen, nullable, closed } from '../fields.ts';
import { CampaignState, MessageChannel, MessageStateCode, whose } from './kinds.ts';

const Counts = Type.Record(Type.String(), Type.Integer());

export const TestResult = Type.Enum([
  'heard',
  'too_short',
  'busy',
  'no_answer',
  'off',
  'invalid',
  'rejected',
  'no_line',
  'cancelled',
  'failed',
]);
export type TestResult = Static<typeof TestResult>;

/** What became of a test call. */
export const TestCallView = closed({
  callId: Uuid,
  state: Type.Enum(['ringing', 'talking', 'ended']),
  /** Once it has ended: `heard`, or why the script was not heard. */
  result: nullable(TestResult),
});
export type TestCallView = Static<typeof TestCallView>;

/** People by state, or attempts by result, of one building, estate or hour. */
export const ResultRow = closed({
  key: Type.String(),
  counts: Type.Record(Type.String(), Type.Integer()),
});
export type ResultRow = Static<typeof ResultRow>;

export const CampaignProgress = closed({
  campaignId: Uuid,
  state: CampaignState,
  contacts: Counts,
  results: Counts,
  refusals: Counts,
  attempts: Type.Integer(),
  answered: Type.Integer(),
  lines: Type.Integer(),
  abandoned: Type.Integer(),
  /** Texts, mails and faxes by what became of them. */
  messages: Type.Array(
    closed({
      channel: MessageChannel,
      state: MessageStateCode,
      reason: nullable(Type.String()),
      count: Type.Integer(),
    }),
  ),
  promisedFen: Fen,
  /** Paid by homes of the campaign after they were spoken to. */
  paidFen: Fen,
});
export type CampaignProgress = Static<typeof CampaignProgress>;

export const ContactView = closed({
  id: Uuid,
  name: Type.String(),
  ...whose,
  roomLabel: nullable(Type.String()),
  numbers: Type.Array(PhoneNumber),
  state: Type.String(),
  result: nullable(Type.String()),
  refusal: nullable(Type.String()),
  attempts: Type.Integer(),
  nextAt: nullable(Instant),
  owedFen: nullable(Type.Integer()),
  fallback: nullable(Type.String()),
  /** In the order in which they were written. */
  messages: Type.Array(
    closed({
      channel: MessageChannel,
      state: MessageStateCode,
      reason: nullable(Type.String()),
    }),
  ),
  confirmedAt: nullable(Instant),
  finishedAt: nullable(Instant),
});
export type ContactView = Static<typeof ContactView>;

/** What is kept as proof of one attempt. */
export const AttemptView = closed({
  id: Uuid,
  callId: Uuid,
  contactId: Uuid,
  number: PhoneNumber,
  callerId: PhoneNumber,
  state: Type.String(),
  result: nullable(Type.String()),
  isEffective: Type.Boolean(),
  hangupCause: nullable(Type.String()),
  owedFen: nullable(Type.Integer()),
  answerer: nullable(Type.Unknown()),
  evidence: Type.Unknown(),
  createdAt: Instant,
  answeredAt: nullable(Instant),
  endedAt: nullable(Instant),
});
export type AttemptView = Static<typeof AttemptView>;

/** A way out. */
export const TrunkView = closed({
  id: Uuid,
  name: Type.String(),
  gateway: Type.String(),
  priority: Type.Integer(),
  maxLines: Type.Integer(),
  prefixes: Type.Array(Type.String()),
  callerId: PhoneNumber,
  /** By estate; only those of sites that whoever asks may see. */
  callerIds: Type.Record(Type.String(), PhoneNumber),
  isEnabled: Type.Boolean(),
  /** Of the carrier, in a row. */
  failures: Type.Integer(),
  restingUntil: nullable(Instant),
});
export type TrunkView = Static<typeof TrunkView>;
