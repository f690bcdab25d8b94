import { DateTime } from 'luxon';

/** When the next one begins. */
export function nextDay(now: Date, timeZone = 'Asia/Shanghai'): Date {
  return DateTime.fromJSDate(now, { zone: timeZone }).startOf('day').plus({ days: 1 }).toJSDate();
}

/** When the working day of the organisation began: figures «today» count from here. */
export function startOfDay(now: Date, timeZone = 'Asia/Shanghai'): Date {
  return DateTime.fromJSDate(now, { zone: timeZone }).startOf('day').toJSDate();
}
