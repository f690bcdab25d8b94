import type { Decision, OverflowTarget } from './routing.types.ts';
import { admit, type CallerRecord, type RoutingState } from './state.ts';

type Reason = Extract<Decision, { kind: 'overflow' }>['why'];

/**
 * Sends callers on whom the queue may no longer keep, and lets the others in. Comes after matching:
 * whoever can be served is served, however full the queue. Emergencies and kept places stay.
 */
export function overflowAll(state: RoutingState, now: number): Decision[] {
  const decisions: Decision[] = [];
  for (const record of inOrderOfEntry(state.dirtyCallers)) {
    const { caller } = record;
    if (record.offeredTo.size > 0) continue;
    const why = caller.isEmergency || caller.isVirtual ? undefined : reason(record, now);
    if (why === undefined) {
      admit(record);
      continue;
    }
    const to = target(state, record);
    decisions.push({
      kind: 'overflow',
      callId: caller.callId,
      fromQueueId: caller.queueId,
      to,
      why,
    });
    state.take(record);
    if (typeof to !== 'string') {
      state.place({
        ...caller,
        queueId: to.queueId,
        enteredAt: now,
        isAdmitted: false,
        visited: [...caller.visited, caller.queueId],
      });
    }
  }
  return decisions;
}

function reason({ caller, queue }: CallerRecord, now: number): Reason | undefined {
  if (queue?.queue.isActive !== true) return 'closed';
  const { maxWaitSec, maxLength } = queue.queue;
  if (maxWaitSec !== null && now >= caller.enteredAt + maxWaitSec * 1000) return 'wait';
  if (maxLength !== null && !caller.isAdmitted && queue.length >= maxLength) return 'length';
  return undefined;
}

/** Where the queue says; a message instead of a queue that is unknown or was left before. */
function target(state: RoutingState, { caller, queue }: CallerRecord): OverflowTarget {
  const to = queue?.queue.overflow ?? 'message';
  if (typeof to === 'string') return to;
  const { queueId } = to;
  const isOpen =
    state.queues.has(queueId) && queueId !== caller.queueId && !caller.visited.includes(queueId);
  return isOpen ? to : 'message';
}

function inOrderOfEntry(records: Iterable<CallerRecord>): CallerRecord[] {
  return [...records].sort(
    ({ caller: a }, { caller: b }) => a.enteredAt - b.enteredAt || (a.callId < b.callId ? -1 : 1),
  );
}
