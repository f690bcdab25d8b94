/** Times, money and numbers as people say them. Pure functions of plain data. */
import type { Language } from './i18n.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** 刚刚, 3 分钟前, 昨天 14:05, 11月3日; also into the future (2 小时后). */
export function ago(at: Date, now: Date, language: Language, timeZone = 'Asia/Shanghai'): string {
  const passed = now.getTime() - at.getTime();
  const size = Math.abs(passed);
  const isZh = language === 'zh-CN';
  if (size < 45_000) return isZh ? '刚刚' : 'just now';
  if (size < hour) return count(Math.max(1, Math.round(size / minute)), 'minute', passed, isZh);
  const days = dayNumber(now, timeZone) - dayNumber(at, timeZone);
  if (days === 0) return count(Math.max(1, Math.round(size / hour)), 'hour', passed, isZh);
  const clock = clockText(at, timeZone);
  if (days === 1) return isZh ? `昨天 ${clock}` : `yesterday ${clock}`;
  if (days === -1) return isZh ? `明天 ${clock}` : `tomorrow ${clock}`;
  return dateText(at, now, language, timeZone);
}

function count(n: number, unit: 'minute' | 'hour', passed: number, isZh: boolean): string {
  if (isZh) return `${n} ${unit === 'minute' ? '分钟' : '小时'}${passed >= 0 ? '前' : '后'}`;
  const word = unit === 'minute' ? 'min' : 'h';
  return passed >= 0 ? `${n} ${word} ago` : `in ${n} ${word}`;
}

function dateText(at: Date, now: Date, language: Language, timeZone: string): string {
  const sameYear = year(at, timeZone) === year(now, timeZone);
  return new Intl.DateTimeFormat(language === 'zh-CN' ? 'zh-CN' : 'en-GB', {
    timeZone,
    month: language === 'zh-CN' ? 'long' : 'short',
    day: 'numeric',
    ...(sameYear ? {} : { year: 'numeric' }),
  }).format(at);
}

function year(at: Date, timeZone: string): string {
  return new Intl.DateTimeFormat('en', { timeZone, year: 'numeric' }).format(at);
}

/** Days since 1970 on the calendar of the zone. */
function dayNumber(at: Date, timeZone: string): number {
  const text = new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' }).format(at);
  return Math.round(Date.parse(`${text}T00:00:00Z`) / day);
}

export function clockText(at: Date, timeZone = 'Asia/Shanghai'): string {
  return new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hour: '2-digit',
    minute: '2-digit',
    hour12: false,
  }).format(at);
}

/** `2026-11-24 10:05:09`, for the tooltip. */
export function exact(at: Date, timeZone = 'Asia/Shanghai'): string {
  return new Intl.DateTimeFormat('sv-SE', {
    timeZone,
    dateStyle: 'short',
    timeStyle: 'medium',
  }).format(at);
}

/** `0:07`, `12:30`, `1:02:03`. */
export function duration(ms: number): string {
  const total = Math.max(0, Math.floor(ms / 1000));
  const [h, m, s] = [Math.floor(total / 3600), Math.floor(total / 60) % 60, total % 60];
  const two = (n: number) => String(n).padStart(2, '0');
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/** Fen as ¥1,286.50. */
export function money(fen: number): string {
  const yuan = (fen / 100).toFixed(2);
  return `¥${yuan.replace(/\B(?=(\d{3})+(?!\d))/g, ',')}`;
}

/** 13800000001 → 138 0000 0001; masked and short numbers keep their shape. */
export function phoneText(number: string): string {
  const mobile = /^(1[\d*]{2})([\d*]{4})([\d*]{4})$/.exec(number);
  return mobile === null ? number : `${mobile[1]} ${mobile[2]} ${mobile[3]}`;
}

export function minuteText(minuteOfDay: number): string {
  const two = (n: number) => String(n).padStart(2, '0');
  return `${two(Math.floor(minuteOfDay / 60))}:${two(minuteOfDay % 60)}`;
}

/** `08:30` → 510; undefined for anything else. */
export function minuteOf(text: string): number | undefined {
  const match = /^([01]?\d|2[0-4]):([0-5]\d)$/.exec(text.trim());
  const minutes = match === null ? undefined : Number(match[1]) * 60 + Number(match[2]);
  return minutes === undefined || minutes > 1440 ? undefined : minutes;
}
