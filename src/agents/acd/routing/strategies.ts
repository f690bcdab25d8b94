import type { RoutingAgent, RoutingQueue } from './routing.types.ts';

type Compare = (a: RoutingAgent, b: RoutingAgent) => number;

const longestIdle: Compare = (a, b) =>
  a.idleSince - b.idleSince || a.order - b.order || (a.staffId < b.staffId ? -1 : 1);

/** Who of two agents is asked first. Total: no two agents are equal, so that decisions repeat. */
export function orderOf(queue: RoutingQueue): Compare {
  switch (queue.strategy) {
    case 'longest_idle':
    case 'ring_all':
      return longestIdle;
    case 'fewest_calls':
      return (a, b) => a.handledToday - b.handledToday || longestIdle(a, b);
    case 'round_robin':
      return (a, b) => (a.lastOfferedAt ?? 0) - (b.lastOfferedAt ?? 0) || topDown(a, b);
    case 'top_down':
      return topDown;
    case 'skill_level':
      return (a, b) => levelOf(b, queue) - levelOf(a, queue) || longestIdle(a, b);
  }
}

const topDown: Compare = (a, b) => a.order - b.order || longestIdle(a, b);

/** The best agent of those given, without sorting them all. */
export function firstOf(
  agents: Iterable<RoutingAgent>,
  compare: Compare,
): RoutingAgent | undefined {
  let best: RoutingAgent | undefined;
  for (const agent of agents) {
    if (best === undefined || compare(agent, best) < 0) best = agent;
  }
  return best;
}

/** Sum of the levels in the skills that the queue asks for. */
function levelOf(agent: RoutingAgent, queue: RoutingQueue): number {
  return queue.skills.reduce((sum, { skill }) => sum + (agent.skills[skill] ?? 0), 0);
}
