import { normaliseNumber, roomLabelOf, searchName, spellings } from '../property/index.ts';

/** What a search text may mean; several at once. Each meaning becomes a query that an index answers. */
export interface SearchTerms {
  /** Beginning of a name, as `search_name` has it. */
  name: string | undefined;
  /** Beginnings of the pinyin, or of its initials: `wangjianguo`, `wjg`; `lvbu` for `lubu`. */
  pinyin: readonly string[] | undefined;
  /** Beginning of a number, from three digits; for whoever sees no numbers, the whole of it. */
  phone: string | undefined;
  isPhoneWhole: boolean;
  /** End of a number, from four digits: 尾号 0001. For whoever sees no numbers, the four that a mask shows. */
  phoneTail: string | undefined;
  /** A label such as `3栋2单元1201`, also typed `3-2-1201`, or its beginning. */
  roomLabel: string | undefined;
  /** End of a door: `1201`, `201`. */
  roomNumber: string | undefined;
  /** `261122-0037`, also without the dash, or its beginning. */
  order: string | undefined;
  /** End of an order's number: `0037`. */
  orderTail: string | undefined;
  /** Words of what an order is about. */
  words: string | undefined;
}

/** @param seesNumbers Whoever does not must not find the hidden digits of one by trying. */
export function searchTerms(text: string, seesNumbers: boolean): SearchTerms {
  // Full-width digits and dashes are what a Chinese keyboard types.
  const q = text
    .normalize('NFKC')
    .replaceAll(/[‐-―−]/g, '-')
    .trim();
  const isNumber = /^\+?[\d\s().·-]+$/.test(q);
  const phone = isNumber ? phoneOf(q) : undefined;
  const name = searchName(q);
  const pinyin = q.toLowerCase().replaceAll(/[ '’-]/g, '');
  return {
    name: isNumber || name === '' ? undefined : name,
    pinyin: /^[a-zü]+$/.test(pinyin) ? spellings(pinyin) : undefined,
    phone,
    isPhoneWhole: !seesNumbers,
    phoneTail: tailOf(phone, seesNumbers ? 10 : 4),
    roomLabel: roomLabelOf(q),
    roomNumber: /^\d{3,5}$/.test(q) ? q : undefined,
    order: orderNumber(q),
    orderTail: /^\d{3,5}$/.test(q) ? q : undefined,
    words: !isNumber && q.length >= 2 ? q : undefined,
  };
}

/** `3-2-1201` is a room; with seven digits and more it is a number that somebody wrote in groups. */
function phoneOf(q: string): string | undefined {
  const digits = normaliseNumber(q).replace(/^86(?=1[3-9]\d{0,8}$)/, '');
  if (digits.length < 3 || (q.includes('-') && digits.length < 7)) return undefined;
  return q.startsWith('+') ? digits.replace(/^86/, '') : digits;
}

function tailOf(phone: string | undefined, longest: number): string | undefined {
  return phone !== undefined && phone.length >= 4 && phone.length <= longest ? phone : undefined;
}

function orderNumber(q: string): string | undefined {
  const match = /^(\d{6})-?(\d{0,6})$/.exec(q);
  if (match === null) return undefined;
  return `${match[1] ?? ''}-${match[2] ?? ''}`;
}
