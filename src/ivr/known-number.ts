import { normaliseNumber } from '../property/index.ts';
import type { CallFacts } from './records.ts';

/** The number by which the caller is known; empty when it is withheld, or claimed by a stranger. */
export function knownNumber({
  callerNumber,
  isNumberVerified,
}: Pick<CallFacts, 'callerNumber' | 'isNumberVerified'>): string {
  return isNumberVerified ? normaliseNumber(callerNumber) : '';
}
