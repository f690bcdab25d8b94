/** Whether and what we may call: pure functions, every refusal with its reason. */
export { mayCall } from './calling-rules.ts';
export {
  isPublicHoliday,
  isSameLocalDay,
  nextAllowedTime,
  nextLocalDay,
} from '../../property/index.ts';
export { refusalTexts } from './refusals.ts';
export type * from './rules.types.ts';
export {
  chooseMatter,
  isKnownTopic,
  quietHours,
  refusalCodes,
  rulesFor,
  topicRules,
  type CallRules,
  type Choice,
  type Consent,
  type Matter,
} from '../../contract/call-rules.ts';
export * from './script-check.ts';
