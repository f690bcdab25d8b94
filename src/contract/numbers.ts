/**
 * Telephone numbers as people, spreadsheets and carriers write them, and the one form in which they
 * are kept, compared and dialled: mainland mobiles `13800000001`, landlines with their area code
 * `01088886666`, service numbers `4008001234`, others `00` and their country code. An extension is
 * told apart. Pure and free of imports: the web reads numbers by it, too.
 */
export type NumberKind =
  'mobile' | 'landline' | 'local' | 'service' | 'emergency' | 'short' | 'international';

/** Why a text is no number: what to tell whoever wrote it. */
export type NumberFault =
  /** Nothing but blanks. */
  | 'empty'
  /** A spreadsheet made a quantity of it: `1.38E+10`, `13800000011.0`, `13,800,000,011`. */
  | 'damaged'
  /** Digits are hidden: `138****0011`. */
  | 'masked'
  | 'date'
  /** Words or signs that belong to no number. */
  | 'letters'
  /** An area code without its 0, or a foreign number without +: `1012345678`. */
  | 'lost_zero'
  /** Too few or too many digits, or a beginning that no number has. */
  | 'shape';

export interface ReadNumber {
  number: string;
  kind: NumberKind;
  /** Digits to press after the answer: `801`. */
  extension?: string;
}

export type NumberReading =
  | ({ is: 'number' } & ReadNumber)
  /** Several whole numbers in one text: `13800000011/13900000012`. */
  | { is: 'several'; numbers: ReadNumber[] }
  | { is: 'bad'; reason: NumberFault };

/** No number with its country code, an extension and a label is longer. */
const longestText = 80;
const longestNumber = 20;

export function readNumber(text: string): NumberReading {
  // Nearly all of a list.
  if (/^1[3-9]\d{9}$/.test(text)) return { is: 'number', number: text, kind: 'mobile' };
  if (text.length > longestText) return bad('shape');
  const plain = plainText(text);
  if (plain === '') return bad('empty');
  const whole = oneNumber(plain);
  if (whole !== undefined) return { is: 'number', ...whole };
  const several = severalNumbers(plain);
  if (several !== undefined) return { is: 'several', numbers: several };
  return bad(faultOf(plain));
}

/**
 * A number in its kept form. What a carrier sends as a caller is no number of any plan at times (a
 * seat, a test line): such digits stay as they are. Empty for what has none, or is withheld.
 */
export function normaliseNumber(text: string): string {
  const reading = readNumber(text);
  if (reading.is === 'number') return reading.number;
  if (reading.is === 'several' || !['shape', 'lost_zero'].includes(reading.reason)) return '';
  const plain = plainText(text);
  if (!/^\+?[\d\s()./-]+$/.test(plain)) return '';
  return digitsOf(plain).slice(-longestNumber);
}

/** The digits that a person typed, pasted or wrote with an input method; for fields and searches. */
export function plainDigits(text: string): string {
  return digitsOf(text.normalize('NFKC'));
}

/** Half-width, without invisible marks, with one kind of dash, without a label before it. */
function plainText(text: string): string {
  return text
    .normalize('NFKC')
    .replaceAll(/[\u00AD\u200B-\u200F\u202A-\u202E\u2060-\u2069\uFEFF]/g, '')
    .replaceAll(/[\u2010-\u2015\u2212\u30FC\u2500\u2043\uFE58]/g, '-')
    .replaceAll(/[\u00B7\u2022\u30FB\u2027]/g, '.')
    .trim()
    .replace(/^="(.*)"$/, '$1')
    .replace(/^['\u2018\u2019]/, '')
    .replace(
      /^(?:tel:|(?:联系|移动)?(?:电话|手机|座机|固话|电话号码|手机号码?|tel|phone|mobile):)/i,
      '',
    )
    .trim();
}

const extensionMark =
  /^([^;,#*x转分内e]*\d[\s).]*)\(?(?:;ext=|#|转分机|转|分机号?|内线|ext(?:ension)?\.?|x)[\s:.-]*(\d{1,6})\)?$/i;

/** A number and, behind a mark or a dash, its extension; undefined when it is not one number. */
function oneNumber(plain: string): ReadNumber | undefined {
  const marked = extensionMark.exec(plain);
  if (marked !== null) return withExtension(marked[1] ?? '', marked[2] ?? '');
  // A dash and a few digits behind a number that is complete without them.
  const dash = plain.lastIndexOf('-');
  const [head, tail] = [plain.slice(0, dash).trim(), plain.slice(dash + 1).trim()];
  if (dash > 0 && /^\d{1,6}$/.test(tail) && /(?:^|[\s()./-])\d{7,13}$/.test(head)) {
    const base = withExtension(head, tail);
    if (base !== undefined) return base;
  }
  const whole = writtenNumber(plain);
  if (whole !== undefined || dash < 0 || !/^\d{1,6}$/.test(tail)) return whole;
  return withExtension(head, tail);
}

function withExtension(head: string, extension: string): ReadNumber | undefined {
  const base = writtenNumber(head.trim());
  // Nothing is dialled behind a short number, and no other one is this short.
  if (base === undefined || base.number.length < 7) return undefined;
  return { ...base, extension };
}

/** Digits with what people put between them. */
function writtenNumber(text: string): ReadNumber | undefined {
  if (isDamaged(text) || isDate(text)) return undefined;
  const written = /^(\(?\+\)?)?([\d\s()./-]*\d[\s)]*)$/.exec(text);
  if (written === null || text.startsWith('-')) return undefined;
  const [, plus = '', rest = ''] = written;
  // (0) is left out behind a country code: +86 (0)10 8888 6666.
  const digits = digitsOf(rest.replace(/^(\s*\(?(?:00)?\d{1,3}\)?\s*)\(0\)/, '$1'));
  if (plus !== '') return abroad(digits);
  return known(digits) ?? withAreaCode(rest);
}

function known(digits: string): ReadNumber | undefined {
  if (digits.startsWith('00')) return abroad(digits.slice(2));
  const domestic = mainland(digits);
  if (domestic !== undefined) return domestic;
  // Twelve digits and more that begin with 86 carry the country code; an 8-digit number may, too.
  if (digits.startsWith('86') && digits.length >= 12) return abroad(digits);
  const behind = /^(?:179\d\d|125930?|1252\d|12583[1-9]|11808|10193|10131|19[0367])(\d{10,15})$/;
  const carried = behind.exec(digits)?.[1];
  const number = carried === undefined ? undefined : mainland(carried);
  return number?.kind === 'mobile' || number?.kind === 'landline' ? number : undefined;
}

/** What stands behind a + or 00: 86 is ours, and everything else is kept with 00 before it. */
function abroad(digits: string): ReadNumber | undefined {
  if (digits.startsWith('86')) {
    const national = digits.slice(2);
    return mainland(national) ?? (national.startsWith('0') ? undefined : landline(`0${national}`));
  }
  // ITU-T E.164: at most 15 digits with the country code, which never begins with 0.
  if (!/^[1-9]\d{6,14}$/.test(digits)) return undefined;
  return { number: `00${digits}`, kind: 'international' };
}

function mainland(digits: string): ReadNumber | undefined {
  const bare = digits.startsWith('0') ? digits.slice(1) : digits;
  if (/^1[3-9]\d{9}$/.test(bare)) return { number: bare, kind: 'mobile' };
  if (/^[48]00\d{7}$/.test(bare)) return { number: bare, kind: 'service' };
  if (digits.startsWith('0')) return landline(digits);
  if (/^1(?:10|12|19|20|22|2110|2395)$/.test(digits)) return { number: digits, kind: 'emergency' };
  // 95588, 96110, 12345, 10086, 114, 116114, 10101111.
  if (/^(?:9[56]\d{3,6}|1(?:0\d{3}|1[4-8]\d{0,4}|2\d{1,3}|010\d{4}))$/.test(digits)) {
    return { number: digits, kind: 'service' };
  }
  if (/^[2-8]\d{6,7}$/.test(digits)) return { number: digits, kind: 'local' };
  return /^[1-9]\d{2,5}$/.test(digits) ? { number: digits, kind: 'short' } : undefined;
}

/** 010 and 02x stand before eight digits, other area codes have three digits before seven or eight. */
function landline(digits: string): ReadNumber | undefined {
  if (/^0[48]00/.test(digits)) return undefined;
  const isOne = /^0(?:10|2\d)[1-9]\d{7}$/.test(digits) || /^0[3-9]\d\d[1-9]\d{6,7}$/.test(digits);
  return isOne ? { number: digits, kind: 'landline' } : undefined;
}

/**
 * `10-88886666`, `(755) 8234567`: an area code without its 0 is seen where it is set apart. 852, 853
 * and 886 are Hong Kong, Macao and Taiwan without their +.
 */
function withAreaCode(text: string): ReadNumber | undefined {
  const apart = /^\(?(10|2\d|(?!85[23]|886)[3-9]\d\d)\)?[\s.)-]+([2-8][\d\s.-]*)$/.exec(
    text.trim(),
  );
  return apart === null ? undefined : landline(`0${apart[1] ?? ''}${digitsOf(apart[2] ?? '')}`);
}

function severalNumbers(plain: string): ReadNumber[] | undefined {
  for (const mark of [/[/|,;、或和\n\r\t]+/, /[\s/|,;、或和]+/]) {
    const parts = plain.split(mark).filter((part) => part.trim() !== '');
    if (parts.length < 2) continue;
    const numbers = parts.map((part) => oneNumber(plainText(part)));
    if (numbers.every((one) => one !== undefined && one.number.length >= 7)) {
      return numbers.filter((one) => one !== undefined);
    }
  }
  return undefined;
}

function faultOf(plain: string): NumberFault {
  if (isDamaged(plain)) return 'damaged';
  if (isDate(plain)) return 'date';
  if (/\d[\s-]*(?:[*?_\u25CF\u25CB\u2022]+|[x\u00D7]{2,}|\.{2,})/i.test(plain)) return 'masked';
  if (!/^\+?[\d\s()./-]+$/.test(plain)) return 'letters';
  const digits = digitsOf(plain);
  if (digits.length === 10 || digits.length === 11) {
    if (landline(`0${digits}`) !== undefined) return 'lost_zero';
  }
  return 'shape';
}

function isDamaged(text: string): boolean {
  return (
    /^\+?\d+(?:\.\d+)?e\+?\d+$/i.test(text) ||
    /^\d{5,}\.\d{1,2}$/.test(text) ||
    /^\d{1,3}(?:,\d{3})+(?:\.\d*)?$/.test(text) ||
    /^#+(?:N\/A|VALUE!|REF!|NAME\?|NUM!)?$/i.test(text)
  );
}

function isDate(text: string): boolean {
  return /^(?:19|20)\d\d([-/.年])(?:0?[1-9]|1[0-2])[-/.月](?:0?[1-9]|[12]\d|3[01])日?(?:[\sT].*)?$/.test(
    text,
  );
}

function digitsOf(text: string): string {
  return text.replaceAll(/\D/g, '');
}

function bad(reason: NumberFault): NumberReading {
  return { is: 'bad', reason };
}
