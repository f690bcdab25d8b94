import type { Language } from '../../core/language.ts';
import {
  readDate,
  readDigits,
  readMoney,
  readMonth,
  readNumber,
  readRoom,
  readTime,
} from '../../tts/index.ts';
import type { Json } from './state.types.ts';

const billNames: Readonly<Record<string, Record<Language, string>>> = {
  property: { 'zh-CN': '物业费', en: 'property fee' },
  water: { 'zh-CN': '水费', en: 'water' },
  electricity: { 'zh-CN': '电费', en: 'electricity' },
  gas: { 'zh-CN': '燃气费', en: 'gas' },
  telephone: { 'zh-CN': '电话费', en: 'telephone' },
  parking: { 'zh-CN': '停车费', en: 'parking' },
};

type Format = (value: Json, language: Language) => string;

/** How a variable is said: `{total:money}`. */
export const formats = {
  text: (value) => textOf(value),
  money: (value, language) => readMoney(Number(value), language),
  number: (value, language) => readNumber(Number(value), language),
  digits: (value, language) => readDigits(textOf(value), language),
  order: (value, language) => readDigits(textOf(value), language),
  room: (value, language) => readRoom(textOf(value), language),
  date: (value, language) => readDate(textOf(value), language),
  month: (value, language) => readMonth(textOf(value), language),
  time: (value, language) => readTime(textOf(value), language),
  choices: (value, language) =>
    listOf(value)
      .map((home, at) => choice(home, at + 1, language))
      .join(''),
  bills: (value, language) =>
    listOf(value)
      .map((bill) => billLine(bill, language))
      .join(''),
} as const satisfies Record<string, Format>;

export type FormatName = keyof typeof formats;

export function isFormatName(name: string | undefined): name is FormatName {
  return name !== undefined && Object.hasOwn(formats, name);
}

/** Says no more of a home than is needed to tell it from the caller's others. */
function choice(home: Record<string, Json>, key: number, language: Language): string {
  const estate = localText(home['estate'], language);
  const label = readDigits(textOf(home['label'] ?? null), language);
  return language === 'en'
    ? `For ${estate}, room ending in ${label}, press ${key}. `
    : `${estate}，房号尾数${label}，请按${readNumber(key, language)}。`;
}

function billLine(bill: Record<string, Json>, language: Language): string {
  const name = billNames[textOf(bill['kind'] ?? null)]?.[language] ?? textOf(bill['kind'] ?? null);
  const month = readMonth(textOf(bill['period'] ?? null), language);
  const amount = readMoney(Number(bill['amountFen']), language);
  return language === 'en' ? `${month}, ${name}: ${amount}. ` : `${month}${name}，${amount}。`;
}

function localText(value: Json | undefined, language: Language): string {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return textOf(value[language] ?? null);
  }
  return textOf(value ?? null);
}

function listOf(value: Json): Record<string, Json>[] {
  if (!Array.isArray(value)) return [];
  return value.filter(
    (one): one is Record<string, Json> =>
      typeof one === 'object' && one !== null && !Array.isArray(one),
  );
}

function textOf(value: Json): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
