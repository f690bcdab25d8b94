import chineseDays from 'chinese-days';
import { localDay } from './days.ts';

/**
 * Public holidays of mainland China. The State Council publishes each year's list, with the days that are
 * moved, in the autumn before; `chinese-days` holds the lists. A year whose list is not there has the days
 * that the law itself names, and its weekends, and no moved days.
 */
export function isPublicHoliday(day: string): boolean {
  const year = yearOf(day);
  if (!isListKnown(year)) return statutoryDays(year).has(day);
  if (fixed.includes(day.slice(5))) return true;
  const detail = chineseDays.getDayDetail(dateOf(day));
  // Public holidays carry three names, weekends one.
  return !detail.work && detail.name.includes(',');
}

/** Days of the week, without holidays, and weekends that are made up for. */
export function isWorkday(day: string): boolean {
  return chineseDays.isWorkday(dateOf(day)) && !isPublicHoliday(day);
}

/** Whether the year's list has been published as far as this program knows. */
export function isListKnown(year: number): boolean {
  return chineseDays.getDayDetail(dateOf(`${year}-10-01`)).name.includes(',');
}

/** Years whose list is missing where it should not be: this one, and in December of China the next one. */
export function missingLists(now: Date): number[] {
  const day = localDay(now, 'Asia/Shanghai');
  const year = yearOf(day);
  const years = day.slice(5, 7) === '12' ? [year, year + 1] : [year];
  return years.filter((one) => !isListKnown(one));
}

const fixed = ['01-01', '05-01', '10-01', '10-02', '10-03'];
const known = new Map<number, ReadonlySet<string>>();

/** 全国年节及纪念日放假办法 (decree 795, in force since 2025), article 2. */
function statutoryDays(year: number): ReadonlySet<string> {
  const before = known.get(year);
  if (before !== undefined) return before;
  const lunar = (day: string) => chineseDays.getSolarDateFromLunar(dateOf(`${year}-${day}`)).date;
  const newYear = Date.parse(lunar('01-01'));
  const fromNewYear = (days: number) =>
    new Date(newYear + days * 86_400_000).toISOString().slice(0, 10);
  const days = new Set([
    ...[...fixed, '05-02'].map((day) => `${year}-${day}`),
    // From New Year's Eve to the third day.
    ...[-1, 0, 1, 2].map(fromNewYear),
    `${year}-04-${String(tombSweeping(year)).padStart(2, '0')}`,
    lunar('05-05'),
    lunar('08-15'),
  ]);
  known.set(year, days);
  return days;
}

/** The sun stands at 15 degrees; the usual formula for the years 2000 to 2099. */
function tombSweeping(year: number): number {
  const short = year % 100;
  return Math.floor(short * 0.2422 + 4.81) - Math.floor(short / 4);
}

/** The package counts in the process's zone, so it is given that zone's midnight. */
function dateOf(day: string): Date {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  return new Date(year, month - 1, date);
}

function yearOf(day: string): number {
  return Number(day.slice(0, 4));
}
