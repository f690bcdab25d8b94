import { DateTime, IANAZone } from 'luxon';
import { quietHours, rulesFor, type MinuteRange, type Purpose } from '../../contract/call-rules.ts';
import { isPublicHoliday } from './holidays.ts';

export type TimeRefusal = 'quiet_hours' | 'chosen_hours' | 'public_holiday';

/** Whether clocks can be read by this name. Offsets are none: databases read their sign the other way round. */
export function isTimeZone(zone: string): boolean {
  return /^[A-Z]/i.test(zone) && IANAZone.isValidZone(zone);
}

/** Why this instant is no time to call there; undefined when it is. Where nobody knows the time, it never is. */
export function refusedTime(
  now: Date,
  zone: string,
  purpose: Purpose,
  chosen: MinuteRange | null,
): TimeRefusal | undefined {
  const local = DateTime.fromJSDate(now, { zone });
  if (!local.isValid) return 'quiet_hours';
  const minute = local.hour * 60 + local.minute;
  if (isWithin(minute, quietHours)) return 'quiet_hours';
  if (isHolidayRefused(local, purpose)) return 'public_holiday';
  if (chosen !== null && !isWithin(minute, chosen)) return 'chosen_hours';
  return undefined;
}

/** The first minute from `now` on at which the time is right; null when there is none in 40 days. */
export function nextAllowedTime(
  now: Date,
  zone: string,
  purpose: Purpose,
  chosen: MinuteRange | null,
): Date | null {
  if (refusedTime(now, zone, purpose, chosen) === undefined) return now;
  const local = DateTime.fromJSDate(now, { zone });
  if (!local.isValid) return null;
  // Only these minutes can open a window; looking at them is enough.
  const edges = [quietHours.toMinute, ...(chosen === null ? [] : [chosen.fromMinute]), 0];
  for (let day = 0; day <= 40; day += 1) {
    const midnight = local.startOf('day').plus({ days: day });
    const candidates = edges
      .map((minute) => midnight.set({ hour: Math.floor(minute / 60), minute: minute % 60 }))
      .filter((time) => time > local)
      .sort((a, b) => a.toMillis() - b.toMillis());
    const found = candidates.find(
      (time) => refusedTime(time.toJSDate(), zone, purpose, chosen) === undefined,
    );
    if (found !== undefined) return found.toJSDate();
  }
  return null;
}

/** Midnight that begins the next local day. */
export function nextLocalDay(now: Date, zone: string): Date {
  return DateTime.fromJSDate(now, { zone }).startOf('day').plus({ days: 1 }).toJSDate();
}

export function isSameLocalDay(one: Date, other: Date, zone: string): boolean {
  const day = (date: Date) => DateTime.fromJSDate(date, { zone }).toISODate();
  return day(one) === day(other);
}

/** On these days neither debts nor offers are spoken of; news about one's own home may be. */
function isHolidayRefused(local: DateTime, purpose: Purpose): boolean {
  const isRefused = rulesFor({ purpose }).refusals.includes('public_holiday');
  return isRefused && isPublicHoliday(local.toFormat('yyyy-MM-dd'));
}

function isWithin(minute: number, { fromMinute, toMinute }: MinuteRange): boolean {
  return fromMinute <= toMinute
    ? minute >= fromMinute && minute < toMinute
    : minute >= fromMinute || minute < toMinute;
}
