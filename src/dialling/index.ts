/** One policy for every call to a number outside: which numbers, whose right, how often, at what cost. */
export {
  Dialling,
  limitZone,
  type DialWish,
  type DiallingParts,
  type Spend,
  type SpendAlarm,
  type UsedUp,
} from './dialling.ts';
export { DialRefusedError } from './dialling.errors.ts';
export { dialledNumber, type Dialled, type NumberKind } from './numbers.ts';
export {
  allowedKinds,
  mayDial,
  refusalOf,
  type DialPolicy,
  type DialPurpose,
  type DialRefusal,
} from './policy.ts';
