import type { AgentsEvents } from './agents/agents.events.ts';
import type { ContentEvents } from './content/content.events.ts';
import type { FaxEvents } from './faxes/faxes.events.ts';
import type { MessagingEvents } from './messaging/messaging.events.ts';
import type { OrganisationEvents } from './organisation/organisation.events.ts';
import type { OutboundEvents } from './outbound/outbound.events.ts';

/**
 * Everything that happens and that others may hear, by name. A name is `noun.pastTense` and means
 * that it is already true. Payloads are plain data with ids as text. Written to the outbox in the
 * transaction that makes them true. A wing's rows stand in its `<wing>.events.ts`. Documented in docs/events.md.
 */
export interface EventMap
  extends
    AgentsEvents,
    OrganisationEvents,
    ContentEvents,
    MessagingEvents,
    OutboundEvents,
    FaxEvents {
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
  'recording.finished': { recordingId: string; callId: string; durationMs: number };
  'hotline.changed': { did: string };
}

export type EventName = keyof EventMap;
