/**
 * SIP for the embedded switch: sockets, transactions, dialogs, registrar and digest.
 * It knows nothing of media and nothing of channels; session descriptions pass as text.
 */
export { createUserAgent } from './user-agent.ts';
export type * from './user-agent.types.ts';
export {
  defaultSipLimits,
  noSipLimits,
  Refusals,
  sipLimitsSchema,
  type SipLimits,
} from './transport/limits.ts';
