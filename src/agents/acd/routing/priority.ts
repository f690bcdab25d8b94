import type { RoutingQueue, WaitingCaller } from './routing.types.ts';

/** What an important owner is worth in points: as much as half the range of a queue's own priority. */
export const vipPriority = 50;
/** Far above anything that ageing reaches in a day. */
const tierPriority = 1_000_000;
const minuteMs = 60_000;

type Ageing = Pick<RoutingQueue, 'priority' | 'ageingPerMinute'>;

/** 2: emergency, before everything. 1: lost their agent in mid-call. 0: everybody else. */
export function tierOf(caller: WaitingCaller): 0 | 1 | 2 {
  if (caller.isEmergency) return 2;
  return caller.preferred.some(({ kind }) => kind === 'return') ? 1 : 0;
}

/** The points of a caller within their tier at that instant. */
export function scoreAt(caller: WaitingCaller, queue: Ageing, now: number): number {
  const minutes = Math.max(0, now - caller.waitingSince) / minuteMs;
  return ownPoints(caller) + queue.priority + queue.ageingPerMinute * minutes;
}

/** One number for screens and reports; higher is served first. */
export function effectivePriority(caller: WaitingCaller, queue: Ageing, now: number): number {
  return tierOf(caller) * tierPriority + scoreAt(caller, queue, now);
}

/**
 * Points that do not change with time: everybody in one queue ages equally fast, so this orders a
 * queue once and for all.
 */
export function waitingKey(caller: WaitingCaller, queue: Ageing): number {
  return ownPoints(caller) - (queue.ageingPerMinute * caller.waitingSince) / minuteMs;
}

/** Orders callers by tier, then points, then who waits longer; never returns 0 for two callers. */
export function compareBy(
  a: WaitingCaller,
  pointsOfA: number,
  b: WaitingCaller,
  pointsOfB: number,
): number {
  return (
    tierOf(b) - tierOf(a) ||
    pointsOfB - pointsOfA ||
    a.waitingSince - b.waitingSince ||
    (a.callId < b.callId ? -1 : 1)
  );
}

function ownPoints(caller: WaitingCaller): number {
  return caller.priority + (caller.isVip ? vipPriority : 0);
}
