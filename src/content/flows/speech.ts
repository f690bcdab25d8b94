import { isTopic, topicNames } from '../articles/topics.ts';
import type { Language } from '../../core/language.ts';
import {
  readDate,
  readDigits,
  readMoney,
  readMonth,
  readCount,
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

const orderKinds: Readonly<Record<string, Record<Language, string>>> = {
  repair: { 'zh-CN': '报修', en: 'repair' },
  complaint: { 'zh-CN': '投诉', en: 'complaint' },
  suggestion: { 'zh-CN': '建议', en: 'suggestion' },
  message: { 'zh-CN': '留言', en: 'message' },
  consultation: { 'zh-CN': '咨询', en: 'enquiry' },
  booking: { 'zh-CN': '预约', en: 'booking' },
  listing: { 'zh-CN': '租售登记', en: 'listing' },
  emergency: { 'zh-CN': '紧急求助', en: 'emergency' },
  decoration: { 'zh-CN': '装修申请', en: 'decoration request' },
  other: { 'zh-CN': '工单', en: 'order' },
};

const orderStates: Readonly<Record<string, Record<Language, string>>> = {
  new: { 'zh-CN': '已登记，等待受理', en: 'registered and waiting to be taken up' },
  accepted: { 'zh-CN': '已受理', en: 'accepted' },
  dispatched: { 'zh-CN': '已派单', en: 'assigned' },
  in_progress: { 'zh-CN': '正在处理', en: 'being worked on' },
  done: { 'zh-CN': '已完成，等待您的确认', en: 'done and waiting for you to confirm' },
  confirmed: { 'zh-CN': '已确认完成', en: 'confirmed as done' },
};

type Format = (value: Json, language: Language) => string;

/** How a variable is said: `{total:money}`. */
export const formats = {
  text: (value) => textOf(value),
  money: (value, language) => readMoney(Number(value), language),
  number: (value, language) => readNumber(Number(value), language),
  /** A number before a measure word: 两笔, not 二笔. */
  count: (value, language) => readCount(Number(value), language),
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
  topic: (value, language) => topicName(textOf(value), language),
  orders: (value, language) =>
    listOf(value)
      .map((order) => orderLine(order, language))
      .join(''),
} as const satisfies Record<string, Format>;

export type FormatName = keyof typeof formats;

export function isFormatName(name: string | undefined): name is FormatName {
  return name !== undefined && Object.hasOwn(formats, name);
}

/** Says no more of a home than is needed to tell it from the caller's others. */
function choice(home: Record<string, Json>, key: number, language: Language): string {
  const estate = localText(home['estate'], language);
  const place = textOf(home['room'] ?? null);
  if (place !== '') {
    const room = readRoom(place, language);
    return language === 'en'
      ? `For ${estate}, ${room}, press ${key}. `
      : `${estate}，${room}，请按${readNumber(key, language)}。`;
  }
  const label = readDigits(textOf(home['label'] ?? null), language);
  return language === 'en'
    ? `For ${estate}, room ending in ${label}, press ${key}. `
    : `${estate}，房号尾数${label}，请按${readNumber(key, language)}。`;
}

function billLine(bill: Record<string, Json>, language: Language): string {
  const rest = restLine(bill, language);
  if (rest !== undefined) return rest;
  const name = billNames[textOf(bill['kind'] ?? null)]?.[language] ?? textOf(bill['kind'] ?? null);
  const month = readMonth(textOf(bill['period'] ?? null), language);
  const amount = readMoney(Number(bill['amountFen']), language);
  const dueOn = textOf(bill['dueOn'] ?? null);
  if (dueOn === '') {
    return language === 'en' ? `${month}, ${name}: ${amount}. ` : `${month}${name}，${amount}。`;
  }
  const day = readDate(dueOn, language);
  return language === 'en'
    ? `${month}, ${name}: ${amount}, due on ${day}. `
    : `${month}${name}，${amount}，${day}到期。`;
}

/** Bills that are not read one by one: too many, or not due yet. */
function restLine(bill: Record<string, Json>, language: Language): string | undefined {
  const kind = textOf(bill['kind'] ?? null);
  if (kind !== 'more' && kind !== 'later') return undefined;
  const money = readMoney(Number(bill['amountFen']), language);
  const count = Number(bill['count']);
  if (language === 'en') {
    return kind === 'more'
      ? `${readNumber(count, language)} more: ${money}. `
      : `Not due yet, and not counted: ${money}. `;
  }
  return kind === 'more'
    ? `其余${readCount(count, language)}笔，共${money}。`
    : `另有${readCount(count, language)}笔尚未到期，共${money}，不计入合计。`;
}

function orderLine(order: Record<string, Json>, language: Language): string {
  const kind = orderKinds[textOf(order['kind'] ?? null)]?.[language] ?? '';
  const state = orderStates[textOf(order['state'] ?? null)]?.[language] ?? '';
  const number = readDigits(textOf(order['number'] ?? null), language);
  return language === 'en'
    ? `Order ${number}, ${kind}: ${state}. `
    : `工单${number}，${kind}，${state}。`;
}

function topicName(topic: string, language: Language): string {
  return isTopic(topic) ? topicNames[topic][language] : '';
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
