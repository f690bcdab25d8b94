/** People who answer: who is there, who waits, whose phone rings, and what screens show of it. */
export { MemoryBoard } from './live-board.ts';
export type { LiveAlarm, LiveBoard, LiveChange, LiveSnapshot, LiveWaiting } from './live.types.ts';
