export interface MessagingEvents {
  /** A text, a mail or a fax to somebody. */
  'message.changed': {
    messageId: string;
    campaignId: string | null;
    contactId: string | null;
    channel: string;
    state: string;
    reason: string | null;
  };
  /** Somebody wrote to us; what asked for an end has been obeyed. */
  'message.received': {
    incomingId: string;
    personId: string | null;
    campaignId: string | null;
    asks: 'stop' | 'nothing';
  };
}
