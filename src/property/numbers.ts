import { normaliseNumber } from '../contract/numbers.ts';

/** Numbers as they are kept; the web reads them by the same code, which is why it stands there. */
export {
  normaliseNumber,
  plainDigits,
  readNumber,
  type NumberFault,
  type NumberKind,
  type NumberReading,
  type ReadNumber,
} from '../contract/numbers.ts';

/** The number by which a caller is known; empty when it is withheld, or claimed by a stranger. */
export function knownNumber(call: { callerNumber: string; isNumberVerified: boolean }): string {
  return call.isNumberVerified ? normaliseNumber(call.callerNumber) : '';
}
