import { percentText } from '../../i18n/percent.ts';

/** How good or bad a figure is. Pure. */
export type WallTone = 'ok' | 'pause' | 'alarm' | 'off';

/** Waiting up to half of the promised time is well, past it an alarm. */
export function toneOfWait(waitSec: number, promisedSec: number): WallTone {
  if (waitSec > promisedSec) return 'alarm';
  return waitSec > promisedSec / 2 ? 'pause' : 'ok';
}

export function levelOf(percent: number | null, target: number): { tone: WallTone; text: string } {
  if (percent === null) return { tone: 'off', text: '—' };
  const tone = percent >= target ? 'ok' : percent >= target - 10 ? 'pause' : 'alarm';
  return { tone, text: percentText(percent, [target, target - 10]) };
}

export interface HourOfDay {
  hour: number;
  inbound: number;
  abandoned: number;
}

/** Calls by the hour of a day, for drawing: every hour from the first with calls to the last. */
export function byHour(
  calls: readonly { startedAt: string; outcome: string | null; direction: string }[],
  day: string,
  timeZone: string,
): HourOfDay[] {
  const date = new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' });
  const hourOf = new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', hour12: false });
  const hours = Array.from({ length: 24 }, (_unused, hour) => ({ hour, inbound: 0, abandoned: 0 }));
  for (const call of calls) {
    const at = new Date(call.startedAt);
    if (call.direction !== 'inbound' || date.format(at) !== day) continue;
    const hour = hours[Number(hourOf.format(at)) % 24];
    if (hour === undefined) continue;
    hour.inbound += 1;
    if (call.outcome === 'abandoned') hour.abandoned += 1;
  }
  return hours;
}
