import type { NumberKind as PlanKind } from '../contract/numbers.ts';
import { readNumber } from '../property/index.ts';

/** What kind of telephone number somebody wants to dial, as the policy tells them apart. */
export type NumberKind =
  | 'mobile'
  | 'landline'
  /** 400 and 800. */
  | 'freephone'
  /** 95xxx, 96xxx, 10086, 12345, 114 … */
  | 'short'
  /** A few digits behind a telephone system of one's own. */
  | 'internal'
  | 'emergency'
  /** Telephones over satellites, and voice services that charge by the minute. */
  | 'premium'
  | 'international'
  /** Digits that are no number of the plan. */
  | 'unknown'
  | 'bad';

export interface Dialled {
  kind: NumberKind;
  /** As it is dialled: digits, foreign ones behind 00. Empty when it is none. */
  number: string;
}

const kinds: Readonly<Record<PlanKind, NumberKind>> = {
  ...({ mobile: 'mobile', landline: 'landline', local: 'landline', service: 'short' } as const),
  ...({ emergency: 'emergency', short: 'internal', international: 'international' } as const),
};
/** Beside those of the plan: GSM's, other countries' by habit, with which people try, and a town's. */
const emergency =
  /^(?:110|119|120|122|112|911|999|12110|12395|0(?:10|2\d|[3-9]\d{2})1(?:10|19|20|22))$/;
/** 168, 160, 1259 and 900, also behind an area code; satellites have 1349, 1740–1745 and 1749. */
const premium =
  /^(?:(?:0\d{2,3})?(?:16[08]\d{2,8}|1259\d{1,7}|900\d{5,8})|0?1(?:349\d{7}|74[0-59]\d{7}))$/;

/** Pure; in the form in which numbers are kept everywhere. */
export function dialledNumber(text: string): Dialled {
  const reading = readNumber(text);
  const number = reading.is === 'number' ? reading.number : loneDigits(text);
  if (number === '') return { kind: 'bad', number };
  if (emergency.test(number)) return { kind: 'emergency', number };
  if (premium.test(number)) return { kind: 'premium', number };
  if (reading.is !== 'number') {
    return { kind: number.startsWith('00') ? 'international' : 'unknown', number };
  }
  return { kind: /^[48]00\d{7}$/.test(number) ? 'freephone' : kinds[reading.kind], number };
}

/** Digits that are no number of the plan, to say what they are; empty when there is more than digits. */
function loneDigits(text: string): string {
  const plain = text.normalize('NFKC').trim();
  if (plain.length > 40 || !/^\+?[\d\s()./-]+$/.test(plain)) return '';
  const digits = plain.replace('+', '00').replaceAll(/\D/g, '');
  return digits.length < 3 || digits.length > 20 ? '' : digits;
}
