import { sql, type RawBuilder } from 'kysely';
import { DateTime } from 'luxon';

/** `2026-11-24`, where the zone's calendar stands. */
export function localDay(at: Date, timeZone: string): string {
  return DateTime.fromJSDate(at, { zone: timeZone }).toFormat('yyyy-MM-dd');
}

/**
 * The same day in a statement. Homes, bills and periods lie in an estate, and change at its midnight, not at
 * the server's: `zone` is the estate's column.
 */
export function dayIn(at: Date, zone: RawBuilder<unknown>): RawBuilder<string> {
  return sql<string>`(${at}::timestamptz AT TIME ZONE ${zone})::date`;
}

/** Whether the text is a day of the calendar: 2026-02-30 is none. */
export function isDay(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && DateTime.fromISO(text).isValid;
}
