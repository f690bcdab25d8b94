import type { Language } from '../../core/language.ts';

const digitsZh = ['零', '一', '二', '三', '四', '五', '六', '七', '八', '九'] as const;

function digitZh(digit: string): string {
  return digitsZh[Number(digit)] ?? digit;
}

/** Up to four figures, without leading 零. */
function sectionZh(value: number): string {
  const units = ['', '十', '百', '千'];
  const figures = String(value);
  let text = '';
  let isZeroPending = false;
  [...figures].forEach((figure, at) => {
    if (figure === '0') {
      isZeroPending = true;
      return;
    }
    if (isZeroPending && text !== '') text += '零';
    isZeroPending = false;
    text += digitZh(figure) + (units[figures.length - 1 - at] ?? '');
  });
  return text;
}

/** A whole number in words: 10 → 十, 110 → 一百一十, 10005 → 一万零五. */
export function wholeZh(value: number): string {
  if (value < 0) return `负${wholeZh(-value)}`;
  if (value === 0) return '零';
  const names = ['', '万', '亿', '万亿'];
  const sections: number[] = [];
  for (let rest = Math.floor(value); rest > 0; rest = Math.floor(rest / 10_000)) {
    sections.push(rest % 10_000);
  }
  let text = '';
  let isZeroPending = false;
  for (let at = sections.length - 1; at >= 0; at -= 1) {
    const section = sections[at] ?? 0;
    if (section === 0) {
      isZeroPending = text !== '';
      continue;
    }
    if (text !== '' && (isZeroPending || section < 1000)) text += '零';
    isZeroPending = false;
    text += sectionZh(section) + (names[at] ?? '');
  }
  return text.replace(/^一十/, '十');
}

/** 两 before a measure word, 二 otherwise: 两元, 两点. */
export function countZh(value: number): string {
  return value === 2 ? '两' : wholeZh(value);
}

export function readNumber(value: number, language: Language): string {
  if (language === 'en') return String(value);
  const [whole = '0', decimals] = String(value).split('.');
  const words = wholeZh(Number(whole));
  return decimals === undefined ? words : `${words}点${[...decimals].map(digitZh).join('')}`;
}

/** How many of something. */
export function readCount(value: number, language: Language): string {
  return language === 'zh-CN' ? countZh(value) : readNumber(value, language);
}

/**
 * Figures one by one, as on the telephone: 一 is said 幺 in Chinese, so that nobody hears 七. A
 * hyphen or blank is a short pause.
 */
export function readDigits(text: string, language: Language): string {
  const groups = text.split(/[-\s]+/).filter((group) => group !== '');
  if (language === 'en') return groups.map((group) => [...group].join(' ')).join(', ');
  return groups
    .map((group) => [...group].map((one) => (one === '1' ? '幺' : digitZh(one))).join(''))
    .join('，');
}

/** Figures one by one with 一 as 一: room numbers and years. */
export function plainDigits(text: string, language: Language): string {
  return language === 'en' ? [...text].join(' ') : [...text].map(digitZh).join('');
}
