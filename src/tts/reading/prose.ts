import type { Language } from '../../core/language.ts';
import { readTime } from './dates.ts';
import { readMoney } from './money.ts';
import { countZh, plainDigits, readDigits, readNumber } from './numbers.ts';

/**
 * Figures in running text as words, by what stands around them: years, times, amounts, shares, telephone
 * numbers, counts. For what people write, where no format says what a figure is.
 */
export function readProse(text: string, language: Language): string {
  return language === 'en' ? proseEn(text) : proseZh(text);
}

const measures = '个位名次份台间套户条天只块栋元';
/** Five figures and more are a number to dial, unless they count something. */
const counted = '(?=[多余]?(?:元|万|亿|平方|公里|米|户|个|人|株|辆|次|册|吨))';

function proseZh(text: string): string {
  return text
    .replaceAll(/(\d{4})(?=年)/g, (year) => plainDigits(year, 'zh-CN'))
    .replaceAll(/(?<!\d)([01]?\d|2[0-3])[:：]([0-5]\d)(?!\d)/g, (_, hour: string, minute: string) =>
      readTime(`${hour}:${minute}`, 'zh-CN'),
    )
    .replaceAll(/[¥￥](\d+(?:\.\d{1,2})?)元?/g, (_, yuan: string) => money(yuan))
    .replaceAll(/(\d{1,15}\.\d{1,2})元/g, (_, yuan: string) => money(yuan))
    .replaceAll(/(\d{1,15}(?:\.\d{1,6})?)[%％]/g, (_, share: string) => `百分之${number(share)}`)
    .replaceAll(/(?<!\d)\d{3,4}-\d{3,8}(?:-\d{3,8})?(?!\d)/g, (one) => readDigits(one, 'zh-CN'))
    .replaceAll(/(?<=拨打|致电|来电|电话|热线|传真)\s{0,8}(\d{3,})/g, (_, one: string) =>
      readDigits(one, 'zh-CN'),
    )
    .replaceAll(new RegExp(`(\\d{5,15})${counted}`, 'g'), (one) => number(one))
    .replaceAll(/\d{5,}/g, (one) => readDigits(one, 'zh-CN'))
    .replaceAll(new RegExp(`(?<![\\d.第])2(?=[${measures}]|小时|分钟)`, 'g'), countZh(2))
    .replaceAll(/\d+(?:\.\d+)?/g, (one) => number(one))
    .replaceAll(/\s+/g, ' ');
}

function proseEn(text: string): string {
  return text
    .replaceAll(/[¥￥](\d+(?:\.\d{1,2})?)/g, (_, yuan: string) =>
      readMoney(Math.round(Number(yuan) * 100), 'en'),
    )
    .replaceAll(/(?<!\d)\d{3,4}-\d{3,8}(?:-\d{3,8})?(?!\d)/g, (one) => readDigits(one, 'en'))
    .replaceAll(
      /\b(call|dial|ring|phone|telephone|hotline|line|fax)((?:\s+(?:on|at|is|number))?\s+)(\d{3,})\b/gi,
      (_, word: string, between: string, one: string) =>
        `${word}${between}${readDigits(one, 'en')}`,
    );
}

function number(text: string): string {
  return readNumber(Number(text), 'zh-CN');
}

function money(yuan: string): string {
  return readMoney(Math.round(Number(yuan) * 100), 'zh-CN');
}
