/** Background jobs that were given up after their last try. */
import { Type } from 'typebox';
import { Instant } from './fields.ts';

export const FailedJobView = Type.Object({
  id: Type.String(),
  name: Type.String(),
  /** Ids only. */
  payload: Type.Unknown(),
  attempts: Type.Integer(),
  reason: Type.String(),
  failedAt: Instant,
});
export const FailedJobs = Type.Object({
  /** The latest first; 200 at most, and none older than a month. */
  items: Type.Array(FailedJobView),
  nextCursor: Type.Null(),
});
