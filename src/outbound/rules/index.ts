/** Whether and what we may call: pure functions, every refusal with its reason. */
export { mayCall } from './calling-rules.ts';
export { isPublicHoliday, isSameLocalDay, nextAllowedTime } from './calling-time.ts';
export { refusalTexts } from './refusals.ts';
export type * from './rules.types.ts';
export * from './topics.ts';
export { refusalCodes } from './rules.types.ts';
export * from './script-check.ts';
