import type { Language } from '../../core/language.ts';
import { countZh, wholeZh } from './numbers.ts';

/** Integer fen in words: 8650 → 八十六元五角, 105 → 一元零五分, 0 → 零元. */
export function readMoney(fen: number, language: Language): string {
  if (fen < 0) return `${language === 'en' ? 'minus ' : '负'}${readMoney(-fen, language)}`;
  const yuan = Math.floor(fen / 100);
  const rest = fen % 100;
  return language === 'en' ? moneyEn(yuan, rest) : moneyZh(yuan, rest);
}

function moneyEn(yuan: number, rest: number): string {
  if (rest === 0) return `${yuan} yuan`;
  return yuan === 0 ? `${rest} fen` : `${yuan} yuan and ${rest} fen`;
}

function moneyZh(yuan: number, rest: number): string {
  const jiao = Math.floor(rest / 10);
  const fen = rest % 10;
  const parts = [];
  if (yuan > 0 || rest === 0) parts.push(`${yuan === 0 ? '零' : countZh(yuan)}元`);
  if (jiao > 0) parts.push(`${wholeOrTwo(jiao)}角`);
  else if (yuan > 0 && fen > 0) parts.push('零');
  if (fen > 0) parts.push(`${wholeOrTwo(fen)}分`);
  return parts.join('');
}

function wholeOrTwo(value: number): string {
  return value === 2 ? '两' : wholeZh(value);
}
