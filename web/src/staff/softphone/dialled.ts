/** What somebody typed, pasted or wrote with an input method into a field for a number. Pure. */
import { normaliseNumber, readNumber, type NumberFault } from '../../../../src/contract/numbers.ts';

export type Dialled =
  | { number: string; extension: string | undefined }
  /** Why it is not dialled: a word for the person. */
  | { fault: NumberFault | 'several' };

export function dialled(text: string): Dialled {
  const reading = readNumber(text);
  if (reading.is === 'number') return { number: reading.number, extension: reading.extension };
  if (reading.is === 'several') return { fault: 'several' };
  const plain = text.normalize('NFKC').replaceAll(/\s/g, '');
  // Codes of the switch, and numbers inside the house.
  if (/^[*#][\d*#]{1,19}$/.test(plain)) return { number: plain, extension: undefined };
  if (reading.reason === 'shape' && /^\d{3,6}$/.test(plain)) {
    return { number: normaliseNumber(plain), extension: undefined };
  }
  return { fault: reading.reason };
}
