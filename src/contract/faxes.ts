/** Faxes that came in, and those that go out. */
import { Type } from 'typebox';
import { faxSendingStates } from './codes.ts';
import { Instant, LanguageCode, nullable, Uuid, closed, oneOf } from './fields.ts';
import { pageOf, pageQuery } from './pages.ts';

export const FaxView = closed({
  id: Uuid,
  callId: Uuid,
  /** The message order that tells of it. */
  workOrderId: nullable(Uuid),
  /** The hotline that was dialled. */
  did: Type.String(),
  /** Of the sending machine; empty when withheld. */
  number: Type.String(),
  pages: Type.Integer(),
  receivedAt: Instant,
});
export const FaxPage = pageOf(FaxView);
export const FaxQuery = closed(pageQuery);

export const NewFaxSending = closed({
  /** Of one home; what is still owed on them is on the page. */
  billIds: Type.Array(Uuid, { minItems: 1, maxItems: 100, uniqueItems: true }),
  /** Of the machine, as it is dialled. */
  number: Type.String({ pattern: '^\\+?[0-9]{3,20}$' }),
  language: LanguageCode,
});
export const FaxSendingView = closed({
  id: Uuid,
  roomId: nullable(Uuid),
  /** Null when it carries a message of a campaign or an article instead. */
  billIds: nullable(Type.Array(Uuid)),
  messageId: nullable(Uuid),
  articleId: nullable(Uuid),
  number: Type.String(),
  language: LanguageCode,
  state: oneOf(faxSendingStates),
  /** Of the page as it was last drawn. */
  pages: nullable(Type.Integer()),
  /** Why the latest try failed: a hang-up cause, or the modem's word. */
  reason: nullable(Type.String()),
  /** Null when the caller asked for it by telephone. */
  staffId: nullable(Uuid),
  callId: nullable(Uuid),
  nextTryAt: nullable(Instant),
  createdAt: Instant,
  endedAt: nullable(Instant),
  tries: Type.Array(
    closed({
      id: Uuid,
      callId: Uuid,
      startedAt: Instant,
      endedAt: nullable(Instant),
      isSent: Type.Boolean(),
      pagesSent: Type.Integer(),
      reason: nullable(Type.String()),
    }),
  ),
});
export const FaxSendingPage = pageOf(FaxSendingView);
export const FaxSendingQuery = closed({ ...pageQuery, roomId: Type.Optional(Uuid) });
