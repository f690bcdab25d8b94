import type { JobDefinitions } from '../core/jobs/jobs.ts';
import { nightly } from '../core/jobs/nightly.ts';

export const organisationJobs = {
  'sessions.removeExpired': { ...nightly, repeat: { pattern: '20 * * * *', timeZone: 'UTC' } },
} as const satisfies JobDefinitions;
