import type { JobDefinitions } from '../core/jobs/jobs.ts';
import { nothing } from '../core/jobs/nightly.ts';

export const messagingJobs = {
  /** Messages that wait for their time, or whose process died. */
  'messages.resume': {
    payload: nothing,
    attempts: 1,
    backoffMs: 1000,
    limitMs: 10 * 60_000,
    lane: 'messages',
    repeat: { pattern: '* * * * *', timeZone: 'UTC' },
  },
} as const satisfies JobDefinitions;
