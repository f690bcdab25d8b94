import { DateTime } from 'luxon';
import type { OpeningHours } from '../../db/schema.ts';
import { isPublicHoliday, isWorkday } from './holidays.ts';

export type OpeningState = 'open' | 'closed' | 'holiday';

/** Whether the office is open: Chinese public holidays and make-up working days are known. */
export function openingState(hours: OpeningHours, now: Date, timeZone: string): OpeningState {
  const local = DateTime.fromJSDate(now, { zone: timeZone });
  const day = local.toFormat('yyyy-MM-dd');
  const isWorking = isWorkday(day);
  const minute = local.hour * 60 + local.minute;
  const ranges = isWorking ? hours.workday : hours.restday;
  if (ranges.some(({ fromMinute, toMinute }) => minute >= fromMinute && minute < toMinute)) {
    return 'open';
  }
  return isPublicHoliday(day) ? 'holiday' : 'closed';
}
