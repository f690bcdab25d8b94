import { compareAt } from './match.ts';
import type { AgentRecord, QueueRecord, RoutingState } from './state.ts';

/** From 1 within the caller's own queue; 0 while a phone rings for them; null when unknown. */
export function positionOf(state: RoutingState, callId: string): number | null {
  const record = state.callers.get(callId);
  if (record?.queue === undefined) return null;
  return record.offeredTo.size > 0 ? 0 : record.queue.waiting.indexOf(record) + 1;
}

/**
 * Seconds until an agent is likely to be free for that caller; null when nobody works for the queue.
 *
 * The work ahead, shared by the people who do it: each caller who is served earlier, in whichever
 * queue, costs the handling time of that queue, counted by the share of that queue's agents who also
 * work for this one; plus this caller's own turn, since all agents are taken.
 */
export function expectedWaitSec(
  state: RoutingState,
  callId: string,
  now: number,
  averageHandleSec: (queueId: string) => number,
): number | null {
  const record = state.callers.get(callId);
  const own = record?.queue;
  if (record === undefined || own === undefined) return null;
  if (record.offeredTo.size > 0) return 0;
  const people = availableOf(own);
  if (people.length === 0) return null;
  let workSec = averageHandleSec(own.queue.queueId);
  for (const queue of new Set(people.flatMap(({ queues }) => queues))) {
    const theirs = availableOf(queue);
    const shared = theirs.filter((one) => own.members.has(one)).length;
    const ahead = queue.waiting.entries.filter((one) => compareAt(one, record, now) < 0).length;
    workSec += (ahead * averageHandleSec(queue.queue.queueId) * shared) / theirs.length;
  }
  return workSec / people.length;
}

function availableOf({ members }: QueueRecord): AgentRecord[] {
  return [...members].filter(({ agent }) => agent.isAvailable && agent.isPhoneReady);
}
