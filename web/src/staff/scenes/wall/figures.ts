import { percentText } from '../../../shared/i18n/percent.ts';

/** Another text whenever a caller has come to a queue, or given up. */
export function comingsAndGoings(
  queues: Iterable<{ queueId: string; offeredToday: number; abandonedToday: number }>,
): string {
  return [...queues]
    .map((one) => `${one.queueId} ${one.offeredToday} ${one.abandonedToday}`)
    .join('\n');
}

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

/** Rows of the report by hour as the 24 hours of a day; whoever still waits has come, too. */
export function byHour(
  rows: readonly { key: string; offered: number; waiting: number; abandoned: number }[],
): HourOfDay[] {
  const hours = Array.from({ length: 24 }, (_unused, hour) => ({ hour, inbound: 0, abandoned: 0 }));
  for (const { key, offered, waiting, abandoned } of rows) {
    const hour = hours[Number(key)];
    if (hour === undefined) continue;
    hour.inbound += offered + waiting;
    hour.abandoned += abandoned;
  }
  return hours;
}
