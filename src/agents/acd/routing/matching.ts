import type { Preference, RoutingAgent, RoutingQueue, WaitingCaller } from './routing.types.ts';

/** Whether an agent works for a queue: member of it, with every skill at its level. */
export function canServe(agent: RoutingAgent, queue: RoutingQueue): boolean {
  return (
    agent.queueIds.includes(queue.queueId) &&
    queue.skills.every(({ skill, minLevel }) => (agent.skills[skill] ?? 0) >= minLevel)
  );
}

/** Whether offers may go to an agent, apart from one that stands already. */
export function isReady(agent: RoutingAgent): boolean {
  return agent.isAvailable && agent.isFree && agent.isPhoneReady;
}

/** Whom the caller is kept for at that instant; empty when anybody may take them. */
export function keptFor(
  caller: WaitingCaller,
  isAvailable: (staffId: string) => boolean,
  now: number,
): readonly Preference[] {
  // An emergency waits for nobody in particular.
  if (caller.isEmergency || caller.preferred.length === 0) return [];
  return caller.preferred.filter(
    ({ staffId, kind, until }) =>
      until > now &&
      !isResting(caller, staffId, now) &&
      (kind === 'return' || isAvailable(staffId)),
  );
}

export function isResting(caller: WaitingCaller, staffId: string, now: number): boolean {
  return caller.resting.some((rest) => rest.staffId === staffId && rest.until > now);
}

export function maySee(agent: RoutingAgent, caller: WaitingCaller): boolean {
  return caller.siteId === null || agent.siteIds === null || agent.siteIds.includes(caller.siteId);
}
