import { readNumber, type ReadNumber } from './numbers.ts';
import { BadNumberError } from './property.errors.ts';

/** The one number that somebody wrote. Throws `phone.bad_number` with the reason. */
export function readOneNumber(text: string): ReadNumber {
  const reading = readNumber(text);
  if (reading.is === 'bad') throw new BadNumberError(reading.reason);
  if (reading.is === 'several') throw new BadNumberError('several');
  if (reading.kind === 'emergency') throw new BadNumberError('emergency');
  const { number, kind, extension } = reading;
  return { number, kind, ...(extension === undefined ? {} : { extension }) };
}
