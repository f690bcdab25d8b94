/**
 * Which caller goes to which agent. Pure: rows and an instant in, decisions out; no clock, no I/O.
 * `decide` looks at a whole world; `RoutingIndex` is told of events and decides the same, faster.
 */
export { keepingPlace } from './callback.ts';
export { decide } from './decide.ts';
export { effectivePriority, vipPriority } from './priority.ts';
export { RoutingIndex } from './routing-index.ts';
export type { QueueEntry } from './routing-view.ts';
export type {
  Decision,
  OverflowTarget,
  Preference,
  PreferenceKind,
  Rest,
  RoutingAgent,
  RoutingQueue,
  RoutingWorld,
  OpenOffer,
  WaitingCaller,
} from './routing.types.ts';
export {
  countedWait,
  countWaits,
  defaultServiceLevelFormula,
  serviceLevel,
  shortAbandonMs,
  type FinishedWait,
  type ServiceLevelCounts,
  type ServiceLevelFormula,
} from './service-level.ts';
