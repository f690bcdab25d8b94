import { DateTime } from 'luxon';
import type { CampaignSettings } from '../../contract/campaigns/campaigns.ts';

export type Repetition = NonNullable<CampaignSettings['repeat']>;

export interface SeriesClock {
  repeat: Repetition;
  /** When the first run began: its weekday, or day of the month, is that of all. */
  firstAt: Date;
  /** IANA zone in which `atMinute` and `until` are read. */
  timeZone: string;
}

/**
 * When a series runs next, strictly after `after`; undefined when it is over. A month without that day has
 * its run on the last one. What was missed is not made up for: two morning calls in one hour help nobody.
 */
export function nextRun({ repeat, firstAt, timeZone }: SeriesClock, after: Date): Date | undefined {
  const first = DateTime.fromJSDate(firstAt, { zone: timeZone }).startOf('day');
  // Of a clock that nobody can read, no minute comes.
  if (!first.isValid) return undefined;
  const now = DateTime.fromJSDate(after, { zone: timeZone });
  const unit = `${repeat.every}s` as const;
  // One step early: the run of the day itself may be still to come.
  const begun = Math.max(0, Math.floor(now.diff(first, unit).as(unit)) - 1);
  for (let step = begun; ; step += 1) {
    // Counted from the first each time: after the 28th of February comes the 31st of March.
    const day = first.plus({ [unit]: step });
    const at = day.set({
      hour: Math.floor(repeat.atMinute / 60),
      minute: repeat.atMinute % 60,
    });
    if (at <= now) continue;
    return repeat.until !== null && day.toFormat('yyyy-MM-dd') > repeat.until
      ? undefined
      : at.toJSDate();
  }
}
