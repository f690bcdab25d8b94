import type { Generated, Selectable } from 'kysely';
import type {
  ContactChannel,
  IncomingAsk,
  MessageChannel,
  MessagePurpose,
  MessageState,
} from '../../contract/codes.ts';
import type { Language } from '../../core/language.ts';
import type { DefaultJson, OptionalJson, OptionalTime, Time } from './columns.ts';

/** Messages to people and from them, and what they want to hear of. */
export interface MessagingTables {
  subscription: SubscriptionTable;
  outboundMessage: OutboundMessageTable;
  incomingMessage: IncomingMessageTable;
}

/** What a person chose to hear of, how, and when (N5); also the consent to marketing. */
interface SubscriptionTable {
  personId: string;
  topic: string;
  isWanted: boolean;
  /** In the order that the person prefers. */
  channels: DefaultJson<ContactChannel[]>;
  hours: OptionalJson<{ fromMinute: number; toMinute: number }>;
  /** How we know: a form, a call id, a page. */
  evidence: string;
  changedAt: Time;
}

interface OutboundMessageTable {
  id: string;
  campaignId: string | null;
  contactId: string | null;
  personId: string | null;
  channel: MessageChannel;
  purpose: MessagePurpose;
  address: string;
  language: Language;
  body: string;
  /** See `messageTransitions`. */
  state: MessageState;
  /** Why it waits, failed or is unknown; one of `messageReasons`. */
  reason: string | null;
  /** The same message is never made twice. */
  onceKey: string;
  createdAt: Time;
  sentAt: OptionalTime;
  /** Of mails; says nothing that others must not read. */
  subject: Generated<string | null>;
  /** How often it was handed to the carrier. */
  tries: Generated<number>;
  /** Queued: not before. */
  nextAt: OptionalTime;
  /** When the last try began. */
  triedAt: OptionalTime;
  deliveredAt: OptionalTime;
  /** What the carrier calls it. */
  providerId: Generated<string | null>;
  /** What the carrier said, in its words; may hold personal data. */
  detail: Generated<string | null>;
  /** The contact's at that time: a chain of channels is of one round. */
  writingRound: Generated<number>;
}

/** What people wrote to us; what `asks` for an end has been obeyed. */
interface IncomingMessageTable {
  id: string;
  channel: 'sms';
  providerId: string;
  number: string;
  text: string;
  asks: IncomingAsk;
  topic: string | null;
  personId: string | null;
  messageId: string | null;
  campaignId: string | null;
  receivedAt: Time;
}

export type OutboundMessageRow = Selectable<OutboundMessageTable>;
