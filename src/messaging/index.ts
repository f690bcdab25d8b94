/**
 * Writing to people: one sender for texts, mails and messages by fax, with its limits, what carriers tell of them, what
 * people answer, and the words that all share. Whom a campaign writes to, and what is tried next, `outbound` decides.
 */
export type { Author, WordsNow } from './authors.ts';
export type { Carrier, CarriedMessage } from './carriers/carrier.ts';
export { isSignedBy, sign } from './carriers/signature.ts';
export type { Compose } from './delivery/deliver.ts';
export {
  isInterrupted,
  messageReasonTexts,
  messageStateTexts,
  messageTransitions,
  sendingLimitMs,
  type MessageReason,
  type SendOutcome,
} from './delivery/message.states.ts';
export type { Inbox } from './inbox.ts';
export { Messaging, type MessagingOptions } from './messaging.ts';
export * from './messaging.errors.ts';
export { channelOrder, isWrittenFirst, type Wish } from './preferences/channels.ts';
export { wishOf } from './preferences/wishes.ts';
export { createArticleTexts, type ArticleTexts } from './templates/article-texts.ts';
export { smsLength } from './templates/sms-length.ts';
export { mayNameDebt, textOf, type NamedDebt, type Text } from './templates/texts.ts';
