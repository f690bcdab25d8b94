import { DateTime, IANAZone } from 'luxon';
import { quietHours, rulesFor, type MinuteRange, type Purpose } from '../../contract/call-rules.ts';
import { isPublicHoliday } from './holidays.ts';

export type TimeRefusal = 'quiet_hours' | 'chosen_hours' | 'public_holiday';

const mainlandZone = 'Asia/Shanghai';

/**
 * Where somebody is called: in the zone of their home, and a mainland number in China as well, whatever zone a home or
 * a list gives it. The time must be right in each; chosen hours are those of the home.
 */
export interface CallPlace {
  zone: string;
  /** As they are kept; none: the zone alone counts. */
  numbers?: readonly string[];
}

/** Whether clocks can be read by this name. Offsets are none: databases read their sign the other way round. */
export function isTimeZone(zone: string): boolean {
  return /^[A-Z]/i.test(zone) && IANAZone.isValidZone(zone);
}

function zonesOf(place: CallPlace | string): string[] {
  if (typeof place === 'string') return [place];
  const { zone, numbers = [] } = place;
  const isMainland = numbers.some((number) => !number.startsWith('00'));
  return isMainland && zone !== mainlandZone ? [zone, mainlandZone] : [zone];
}

/** Why this instant is no time to call there; undefined when it is. Where nobody knows the time, it never is. */
export function refusedTime(
  now: Date,
  place: CallPlace | string,
  purpose: Purpose,
  chosen: MinuteRange | null,
): TimeRefusal | undefined {
  for (const [at, zone] of zonesOf(place).entries()) {
    const refusal = refusedIn(now, zone, purpose, at === 0 ? chosen : null);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

function refusedIn(
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
  place: CallPlace | string,
  purpose: Purpose,
  chosen: MinuteRange | null,
): Date | null {
  const zones = zonesOf(place);
  const last = now.getTime() + 40 * 24 * 3600_000;
  // Each zone moves it on to its own next window, until all of them are open at once.
  let [found, open] = [now, 0];
  for (let turn = 0; open < zones.length; turn += 1) {
    const at = turn % zones.length;
    const next = nextIn(found, zones[at] ?? '', purpose, at === 0 ? chosen : null);
    if (next === null || (zones.length > 1 && next.getTime() > last)) return null;
    open = next.getTime() === found.getTime() ? open + 1 : 1;
    found = next;
  }
  return found;
}

function nextIn(
  now: Date,
  zone: string,
  purpose: Purpose,
  chosen: MinuteRange | null,
): Date | null {
  if (refusedIn(now, zone, purpose, chosen) === undefined) return now;
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
      (time) => refusedIn(time.toJSDate(), zone, purpose, chosen) === undefined,
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
