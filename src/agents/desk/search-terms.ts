/** What a search text may mean; several at once. Each meaning becomes a query that an index answers. */
export interface SearchTerms {
  /** Beginning of a name, as written. */
  name: string | undefined;
  /** Beginning of the pinyin, or of its initials: `wangjianguo`, `wjg`. */
  pinyin: string | undefined;
  /** Beginning of a number, from three digits. */
  phone: string | undefined;
  /** End of a number, from four digits: 尾号 0001. */
  phoneTail: string | undefined;
  /** A label such as `3栋2单元1201`, also typed `3-2-1201`, or its beginning. */
  roomLabel: string | undefined;
  /** A door: `1201`. */
  roomNumber: string | undefined;
  /** `261122-0037`, also without the dash, or its beginning. */
  order: string | undefined;
}

export function searchTerms(text: string): SearchTerms {
  // Full-width digits and dashes are what a Chinese keyboard types.
  const q = text.normalize('NFKC').trim();
  const digits = /^\+?[\d\s-]+$/.test(q) ? q.replaceAll(/\D/g, '') : '';
  const bare = digits.replace(/^(?:00)?86(?=1\d{10}$)/, '');
  const isWord = /^[a-z][a-z ']*$/i.test(q);
  return {
    name: q !== '' && !/^[\d\s+-]+$/.test(q) ? q : undefined,
    pinyin: isWord ? q.toLowerCase().replaceAll(/[ ']/g, '') : undefined,
    phone: bare.length >= 3 && !q.includes('-') ? bare : undefined,
    phoneTail: bare.length >= 4 && bare.length < 11 && !q.includes('-') ? bare : undefined,
    roomLabel: roomLabel(q),
    roomNumber: /^\d{3,4}$/.test(q) ? q : undefined,
    order: orderNumber(q),
  };
}

function roomLabel(q: string): string | undefined {
  const typed = /^(\d{1,3})[-#](\d{1,2})(?:[-#](\d{1,5}))?$/.exec(q);
  if (typed !== null) return `${typed[1] ?? ''}栋${typed[2] ?? ''}单元${typed[3] ?? ''}`;
  return /^\d{1,3}[栋幢座号]/.test(q) ? q.replaceAll(/\s|室$/g, '') : undefined;
}

function orderNumber(q: string): string | undefined {
  const match = /^(\d{6})-?(\d{0,6})$/.exec(q);
  if (match === null) return undefined;
  return `${match[1] ?? ''}-${match[2] ?? ''}`;
}
