/** Background jobs that were given up after their last try. */
import { Type, type Static } from 'typebox';
import { Instant, closed } from './fields.ts';

export const FailedJobView = closed({
  id: Type.String(),
  name: Type.String(),
  /** Ids only. */
  payload: Type.Unknown(),
  attempts: Type.Integer(),
  reason: Type.String(),
  failedAt: Instant,
});
export const FailedJobs = closed({
  /** The latest first; 200 at most, and none older than a month. */
  items: Type.Array(FailedJobView),
  nextCursor: Type.Null(),
});

/** What an administrator has to mend before it matters. */
export const SystemNotices = closed({
  items: Type.Array(
    closed({
      /** The public holidays of that year, with the days that are moved, are not known. */
      kind: Type.Literal('holidays_missing'),
      year: Type.Integer(),
    }),
  ),
});
export type SystemNotices = Static<typeof SystemNotices>;
