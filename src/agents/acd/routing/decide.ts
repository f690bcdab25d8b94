import { RoutingIndex } from './routing-index.ts';
import type { Decision, RoutingWorld } from './routing.types.ts';

/** All decisions that a whole world calls for at that instant, the same each time. For tests and the bench; `Acd` keeps its index. */
export function decide(world: RoutingWorld, now: number): Decision[] {
  return RoutingIndex.from(world).decide(now);
}
