import chineseDays from 'chinese-days';
import { DateTime } from 'luxon';
import type { OpeningHours } from '../db/schema.ts';

export type OpeningState = 'open' | 'closed' | 'holiday';

/** Whether the office is open: Chinese public holidays and make-up working days are known. */
export function openingState(hours: OpeningHours, now: Date, timeZone: string): OpeningState {
  const local = DateTime.fromJSDate(now, { zone: timeZone });
  const day = local.toFormat('yyyy-MM-dd');
  const isWorking = chineseDays.isWorkday(day);
  const minute = local.hour * 60 + local.minute;
  const ranges = isWorking ? hours.workday : hours.restday;
  if (ranges.some(({ fromMinute, toMinute }) => minute >= fromMinute && minute < toMinute)) {
    return 'open';
  }
  // Public holidays carry three names, weekends one.
  const isPublicHoliday = chineseDays.getDayDetail(day).name.includes(',');
  return isPublicHoliday && !isWorking ? 'holiday' : 'closed';
}
