/** What campaigns wrote, and what came back. */
import { Type, type Static } from 'typebox';
import { incomingAsks, messagePurposes } from '../codes.ts';
import { MessageChannel, MessageStateCode } from './kinds.ts';
import { Instant, nullable, PhoneNumber, Uuid, closed } from '../fields.ts';

/** A text that answers a campaign, as far as anybody can tell. */
export const ReplyView = closed({
  id: Uuid,
  number: PhoneNumber,
  personId: nullable(Uuid),
  personName: nullable(Type.String()),
  text: Type.String(),
  /** `stop`: it asked for no more of them, which has been obeyed. */
  asks: Type.Enum(incomingAsks),
  receivedAt: Instant,
});
export type ReplyView = Static<typeof ReplyView>;

/** What was written to somebody, kept as evidence. */
export const MessageView = closed({
  id: Uuid,
  contactId: nullable(Uuid),
  channel: MessageChannel,
  purpose: Type.Enum(messagePurposes),
  address: Type.String(),
  subject: nullable(Type.String()),
  body: Type.String(),
  state: MessageStateCode,
  reason: nullable(Type.String()),
  detail: nullable(Type.String()),
  tries: Type.Integer(),
  createdAt: Instant,
  nextAt: nullable(Instant),
  sentAt: nullable(Instant),
  deliveredAt: nullable(Instant),
});
export type MessageView = Static<typeof MessageView>;
