/** People who answer: who is there, who waits, whose phone rings, and what screens show of it. */
export { callerFacts, type CallerFacts } from './desk/caller-facts.ts';
export { buildPop } from './desk/pop.ts';
export { search } from './desk/search.ts';
export { MemoryBoard } from './live-board.ts';
export type { LiveAlarm, LiveBoard, LiveChange, LiveSnapshot, LiveWaiting } from './live.types.ts';
