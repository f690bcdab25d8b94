import type { Language } from '../../core/language.ts';
import { countZh, plainDigits, wholeZh } from './numbers.ts';

const months = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
] as const;

/** `2026-11-24` → 十一月二十四日, with the year when it is asked for. Other text is returned as it is. */
export function readDate(iso: string, language: Language, hasYear = false): string {
  const match = /^(\d{4})-(\d{2})-(\d{2})/.exec(iso);
  if (match === null) return iso;
  const [, year = '', month = '', day = ''] = match;
  if (language === 'en') {
    const name = months[Number(month) - 1] ?? month;
    return `${name} ${Number(day)}${hasYear ? `, ${year}` : ''}`;
  }
  const words = `${wholeZh(Number(month))}月${wholeZh(Number(day))}日`;
  return hasYear ? `${plainDigits(year, language)}年${words}` : words;
}

/** `2026-10` → 二零二六年十月. */
export function readMonth(iso: string, language: Language): string {
  const match = /^(\d{4})-(\d{2})/.exec(iso);
  if (match === null) return iso;
  const [, year = '', month = ''] = match;
  if (language === 'en') return `${months[Number(month) - 1] ?? month} ${year}`;
  return `${plainDigits(year, language)}年${wholeZh(Number(month))}月`;
}

/** `14:05` → 下午两点零五分. */
export function readTime(text: string, language: Language): string {
  const match = /^(\d{1,2}):(\d{2})/.exec(text);
  if (match === null) return text;
  const hour = Number(match[1]);
  const minute = Number(match[2]);
  const hour12 = hour % 12 === 0 ? 12 : hour % 12;
  if (language === 'en') {
    const half = hour < 12 ? 'AM' : 'PM';
    if (minute === 0) return `${hour12} ${half}`;
    return `${hour12}:${String(minute).padStart(2, '0')} ${half}`;
  }
  const minutes = minute === 0 ? '' : `${minute < 10 ? '零' : ''}${wholeZh(minute)}分`;
  return `${partOfDay(hour)}${countZh(hour12)}点${minutes}`;
}

function partOfDay(hour: number): string {
  if (hour < 6) return '凌晨';
  if (hour < 12) return '上午';
  if (hour < 13) return '中午';
  return hour < 18 ? '下午' : '晚上';
}
