/**
 * Everything that happens and that others may hear, by name. A name is `noun.pastTense` and means
 * that it is already true. Payloads are plain data with ids as text. Written to the outbox in the
 * transaction that makes them true. Documented in docs/events.md.
 */
export interface EventMap {
  'call.started': { callId: string; did: string };
  'call.ended': { callId: string; hangupCause: string; outcome: string | null };
  'workOrder.raised': { workOrderId: string; number: string; kind: string; callId: string | null };
  'workOrder.changed': { workOrderId: string; from: string; to: string };
  'recording.finished': { recordingId: string; callId: string; durationMs: number };
}

export type EventName = keyof EventMap;
