/**
 * Everything that happens and that others may hear, by name. A name is `noun.pastTense` and means
 * that it is already true. Payloads are plain data with ids as text. Written to the outbox in the
 * transaction that makes them true. Documented in docs/events.md.
 */
export interface EventMap {
  'call.started': { callId: string; did: string };
  'call.ended': { callId: string; hangupCause: string; outcome: string | null };
  'workOrder.raised': { workOrderId: string; number: string; kind: string; callId: string | null };
  'workOrder.changed': { workOrderId: string; number: string; from: string; to: string };
  'workOrder.noted': { workOrderId: string; number: string };
  'workOrder.edited': { workOrderId: string; number: string; fields: string[] };
  'owner.created': { personId: string };
  'owner.changed': { personId: string };
  'bill.paid': { billId: string; paymentId: string; amountFen: number; isSettled: boolean };
  /** Wrong PINs have locked an owner's bills; `locks` counts those of the last week. */
  'pin.locked': { personId: string; callId: string | null; locks: number; lockedUntil: string };
  'flow.published': { flowId: string; version: number };
  /** Callers hear this version from now on. */
  'article.published': { articleId: string; version: number };
  'article.withdrawn': { articleId: string; version: number };
  'recording.finished': { recordingId: string; callId: string; durationMs: number };
  /** An account, its rights, sites or skills. */
  'staff.changed': { staffId: string };
  'hotline.changed': { did: string };
  'campaign.changed': { campaignId: string; from: string | null; to: string };
  /** At most one a second and campaign, while something happens. */
  'campaign.progressed': {
    campaignId: string;
    contacts: Record<string, number>;
    results: Record<string, number>;
    lines: number;
  };
  'attempt.started': { attemptId: string; campaignId: string; contactId: string; callId: string };
  'attempt.ended': { attemptId: string; campaignId: string; contactId: string; result: string };
  'contact.changed': { contactId: string; campaignId: string; from: string; to: string };
  'fax.ended': { faxId: string; state: 'sent' | 'failed'; reason: string | null };
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
  'debt.promised': { roomId: string; callId: string; promisedOn: string; owedFen: number };
}

export type EventName = keyof EventMap;
