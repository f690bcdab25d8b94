import { DateTime } from 'luxon';

/** When the working day of the organisation began: figures «today» count from here. */
export function startOfDay(now: Date, timeZone = 'Asia/Shanghai'): Date {
  return DateTime.fromJSDate(now, { zone: timeZone }).startOf('day').toJSDate();
}
