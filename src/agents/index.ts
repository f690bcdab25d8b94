/** People who answer: who is there, who waits, whose phone rings, and what screens show of it. */
export { recordConversation } from './conversation/recorder.ts';
export { agentsOfCall } from './desk/agents-of-call.ts';
export { callerFacts, type CallerFacts } from './desk/caller-facts.ts';
export { buildPop } from './desk/pop.ts';
export { search } from './desk/search.ts';
export { MemoryBoard } from './live-board.ts';
export type { LiveAlarm, LiveBoard, LiveChange, LiveSnapshot, LiveWaiting } from './live.types.ts';
export { buildAgents } from './agents.ts';
export type { Agents, Member, ServeRequest, ServeResult } from './agents.types.ts';
export type { Occupancy } from './presence/occupancy.ts';
export { findPhone, issuePhonePassword, phoneRealm } from './phones/accounts.ts';
export { directoryDocument } from './phones/directory-document.ts';
export type { QueueStrength } from './presence/strength.ts';
export { queueSentences } from './queue/announcements.ts';
export { serviceLevel, shortAbandonMs } from './routing/index.ts';
export { prepareTunes } from './queue/music.ts';
export { seedDuty } from './emergencies.ts';
export { seedQueues } from './queue/queue-store.ts';
