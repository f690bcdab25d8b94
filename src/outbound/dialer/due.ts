import type { CampaignRow } from '../../db/index.ts';

/**
 * What the clock asks of a campaign. Past its end nothing is dialled: one that ran, or was paused, is stopped; one that
 * never began (the service was down for the whole of its time) is cancelled.
 */
export type Due = 'stop' | 'cancel' | 'wait' | 'start' | 'dial';

/** Pure. `wait`: not now, and nothing about it changes. */
export function dueOf(
  { state, startsAt, endsAt }: Pick<CampaignRow, 'state' | 'startsAt' | 'endsAt'>,
  now: Date,
): Due {
  const isOver = endsAt !== null && endsAt <= now;
  switch (state) {
    case 'running':
      return isOver ? 'stop' : 'dial';
    case 'paused':
      return isOver ? 'stop' : 'wait';
    case 'approved':
      if (isOver) return 'cancel';
      return startsAt !== null && startsAt <= now ? 'start' : 'wait';
    default:
      return 'wait';
  }
}
