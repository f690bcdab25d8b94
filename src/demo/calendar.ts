import { DateTime } from 'luxon';
import { isWorkday } from '../property/index.ts';
import type { Chance } from './chance.ts';

export const historyDays = 42;
export const secondMs = 1000;
export const minuteMs = 60_000;

/** One day of the history. */
export interface Day {
  /** From 0, the oldest. */
  index: number;
  /** `2026-11-03`. */
  date: string;
  month: number;
  /** Local midnight. */
  startMs: number;
  endMs: number;
  isWorkday: boolean;
}

/** The six weeks that end with `lastDay`, oldest first. */
export function historyOf(lastDay: string, timeZone: string): Day[] {
  const last = DateTime.fromISO(lastDay, { zone: timeZone }).startOf('day');
  return Array.from({ length: historyDays }, (_, index) => {
    const start = last.minus({ days: historyDays - 1 - index });
    const date = start.toFormat('yyyy-MM-dd');
    return {
      ...{ index, date, month: start.month, startMs: start.toMillis() },
      endMs: start.plus({ days: 1 }).toMillis(),
      isWorkday: isWorkday(date),
    };
  });
}

/** The local day before today, there. */
export function yesterday(now: Date, timeZone: string): string {
  return DateTime.fromJSDate(now, { zone: timeZone }).minus({ days: 1 }).toFormat('yyyy-MM-dd');
}

/** Something that made many people call at once. */
export interface Incident {
  /** Counted back from the last day, which is 0. */
  daysAgo: number;
  fromMinute: number;
  toMinute: number;
  calls: number;
  what: 'outage' | 'storm';
}

export const incidents: readonly Incident[] = [
  { daysAgo: 13, fromMinute: 8 * 60, toMinute: 12 * 60, calls: 24, what: 'outage' },
  { daysAgo: 27, fromMinute: 15 * 60, toMinute: 20 * 60, calls: 18, what: 'storm' },
  { daysAgo: 4, fromMinute: 18 * 60, toMinute: 20 * 60, calls: 11, what: 'outage' },
];

/** Callers out of a thousand, by the local hour: before work, and when people are home again. */
const workdayHours = [
  ...[3, 2, 1, 1, 1, 2, 8, 30, 78, 104, 92, 64, 42, 44, 58, 60, 58, 72, 92, 88, 54, 28, 12, 6],
];
const restdayHours = [
  ...[4, 3, 2, 1, 1, 2, 6, 18, 48, 84, 98, 88, 62, 52, 60, 66, 64, 62, 66, 68, 56, 34, 18, 7],
];
const callsADay = { workday: 72, restday: 41 } as const;
/** The last call of a day is over before midnight. */
const lastMinute = 23 * 60 + 20;

export interface Arrival {
  at: number;
  incident: Incident['what'] | undefined;
}

/** When people call on that day, in order. */
export function arrivalsOf(chance: Chance, day: Day): Arrival[] {
  const isMonday = new Date(day.startMs + 12 * 60 * minuteMs).getUTCDay() === 1;
  const mean =
    (day.isWorkday ? callsADay.workday : callsADay.restday) *
    (isMonday ? 1.18 : 1) *
    chance.between(0.9, 1.1);
  const hours = day.isWorkday ? workdayHours : restdayHours;
  const weights = Object.fromEntries(hours.map((weight, hour) => [String(hour), weight]));
  const usual = Array.from({ length: chance.poisson(mean) }, () => ({
    at: day.startMs + Math.min(lastMinute, minuteOf(chance, weights)) * minuteMs,
    incident: undefined,
  }));
  const extra = incidents
    .filter(({ daysAgo }) => historyDays - 1 - daysAgo === day.index)
    .flatMap(({ fromMinute, toMinute, calls, what }) =>
      Array.from({ length: calls }, () => ({
        at: Math.floor(day.startMs + chance.between(fromMinute, toMinute) * minuteMs),
        incident: what,
      })),
    );
  return [...usual, ...extra]
    .map(({ at, incident }) => ({ at: Math.floor(at + chance.between(0, 999)), incident }))
    .sort((one, other) => one.at - other.at);
}

function minuteOf(chance: Chance, weights: Readonly<Record<string, number>>): number {
  return Number(chance.weighted(weights)) * 60 + chance.between(0, 60);
}
