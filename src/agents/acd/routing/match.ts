import { compareEntries } from './waiting-list.ts';
import { isResting, keptFor, maySee } from './matching.ts';
import { compareBy, scoreAt } from './priority.ts';
import type { Decision, RoutingAgent } from './routing.types.ts';
import {
  admit,
  type AgentRecord,
  type CallerRecord,
  type QueueRecord,
  type RoutingState,
} from './state.ts';
import { firstOf, orderOf } from './strategies.ts';

/** A call that rings for less than this is not worth ringing at one more phone. */
const shortestRingMs = 2000;

/**
 * Gives callers to free agents, best caller first, until no caller and no free agent match. Only
 * pairs with a dirty side are looked at: the others did not match before and nothing has changed.
 */
export function matchAll(state: RoutingState, now: number): Decision[] {
  const decisions: Decision[] = [];
  const lanes = openLanes(state);
  for (;;) {
    const lane = bestLane(state, lanes, now);
    const record = lane?.places[lane.at];
    if (lane === undefined || record === undefined) return decisions;
    const chosen = record.offeredTo.size > 0 ? [] : choose(state, record, now);
    if (chosen.length > 0) decisions.push(offerTo(state, record, chosen, now));
    // Whoever got an offer has left the list, and the next one stands in their place.
    if (lane.places[lane.at] === record) lane.at += 1;
  }
}

/** Free agents join calls that ring everywhere. Comes after `matchAll`: waiting callers are first. */
export function joinRinging(state: RoutingState, now: number): Decision[] {
  const ringing = new Set<CallerRecord>();
  for (const record of state.dirtyCallers) if (isJoinable(record, now)) ringing.add(record);
  for (const agent of state.dirtyAgents) {
    for (const { queue, callers } of agent.queues) {
      if (queue.strategy !== 'ring_all') continue;
      for (const record of callers) if (isJoinable(record, now)) ringing.add(record);
    }
  }
  const inOrder = [...ringing].sort((a, b) => compareAt(a, b, now));
  return inOrder.flatMap((record) => {
    const more = choose(state, record, now);
    return more.length === 0 ? [] : [offerTo(state, record, more, now)];
  });
}

function isJoinable(record: CallerRecord, now: number): boolean {
  return (
    record.queue?.queue.strategy === 'ring_all' &&
    record.offeredTo.size > 0 &&
    record.offerExpiresAt - now >= shortestRingMs
  );
}

function offerTo(
  state: RoutingState,
  record: CallerRecord,
  agents: readonly AgentRecord[],
  now: number,
): Decision {
  const { caller, queue } = record;
  if (record.offeredTo.size === 0) {
    record.offerExpiresAt = now + (queue?.queue.offerSec ?? 0) * 1000;
  }
  for (const one of agents) {
    one.agent = { ...one.agent, lastOfferedAt: now };
    state.offer(record, one);
  }
  admit(record);
  return {
    kind: 'offer',
    callId: caller.callId,
    queueId: caller.queueId,
    staffIds: agents.map(({ agent }) => agent.staffId),
    expiresAt: record.offerExpiresAt,
    isCallback: caller.isVirtual,
  };
}

/** Whose phones shall ring for that caller; empty when nobody is there. */
function choose(state: RoutingState, record: CallerRecord, now: number): AgentRecord[] {
  const { caller, queue } = record;
  if (queue === undefined || (!queue.queue.isActive && !caller.isEmergency)) return [];
  const kept = keptFor(caller, state.isAvailable, now);
  const fits = (one: AgentRecord) =>
    one.isFree && maySee(one.agent, caller) && !isResting(caller, one.agent.staffId, now);
  if (kept.length > 0) {
    for (const { staffId } of kept) {
      const agent = state.agents.get(staffId);
      if (agent !== undefined && fits(agent)) return [agent];
    }
    return [];
  }
  const compare = orderOf(queue.queue);
  if (queue.queue.strategy === 'ring_all') {
    return [...queue.free].filter(fits).sort((a, b) => compare(a.agent, b.agent));
  }
  const best = firstOf(agentsOf(queue.free, fits), compare);
  const found = best === undefined ? undefined : state.agents.get(best.staffId);
  return found === undefined ? [] : [found];
}

function* agentsOf(
  records: Iterable<AgentRecord>,
  fits: (one: AgentRecord) => boolean,
): Generator<RoutingAgent> {
  for (const record of records) if (fits(record)) yield record.agent;
}

// -- lanes -----------------------------------------------------------------------------------------

/** Callers to look at, in the order of their queue. */
interface Lane {
  /** The live list of a queue for which an agent became free; undefined for callers picked one by one. */
  queue: QueueRecord | undefined;
  places: readonly CallerRecord[];
  at: number;
}

function openLanes(state: RoutingState): Lane[] {
  const whole = new Set<QueueRecord>();
  for (const agent of state.dirtyAgents) for (const queue of agent.queues) whole.add(queue);
  const lanes: Lane[] = [];
  for (const queue of whole) lanes.push({ queue, places: queue.waiting.entries, at: 0 });
  const some = new Map<QueueRecord | undefined, CallerRecord[]>();
  for (const record of state.dirtyCallers) {
    if (record.offeredTo.size > 0) continue;
    const places = some.get(record.queue);
    if (places === undefined) some.set(record.queue, [record]);
    else places.push(record);
  }
  for (const places of some.values()) {
    lanes.push({ queue: undefined, places: places.sort(compareEntries), at: 0 });
  }
  return lanes;
}

/** The lane whose head is served first; lanes that can give no more are dropped. */
function bestLane(state: RoutingState, lanes: Lane[], now: number): Lane | undefined {
  let best: Lane | undefined;
  for (let index = lanes.length - 1; index >= 0; index -= 1) {
    const lane = lanes[index];
    const head = lane?.places[lane.at];
    if (lane === undefined || head === undefined || isExhausted(state, lane)) {
      lanes.splice(index, 1);
      continue;
    }
    const leader = best?.places[best.at];
    if (leader === undefined || compareAt(head, leader, now) < 0) best = lane;
  }
  return best;
}

/** No agent who became free is left for that queue. */
function isExhausted({ dirtyAgents }: RoutingState, { queue }: Lane): boolean {
  if (queue === undefined) return false;
  for (const agent of dirtyAgents) if (queue.members.has(agent)) return false;
  return true;
}

/** Who is served first, across queues. */
export function compareAt(a: CallerRecord, b: CallerRecord, now: number): number {
  return compareBy(a.caller, pointsAt(a, now), b.caller, pointsAt(b, now));
}

function pointsAt({ caller, queue }: CallerRecord, now: number): number {
  return scoreAt(caller, queue?.queue ?? { priority: 0, ageingPerMinute: 0 }, now);
}
