import type { JobDefinitions, JobName, JobPayload } from './core/jobs/jobs.ts';
import { nightly } from './core/jobs/nightly.ts';
import { faxJobs } from './faxes/faxes.jobs.ts';
import { messagingJobs } from './messaging/messaging.jobs.ts';
import { organisationJobs } from './organisation/organisation.jobs.ts';
import { outboundJobs } from './outbound/outbound.jobs.ts';

/**
 * Every background job: its payload (ids only), how often it is tried, and when it runs by itself. A wing's rows stand in
 * its `<wing>.jobs.ts`. Each has exactly one handler; src/app/job-handlers.ts says which, and the start fails without it.
 */
export const jobDefinitions = {
  /** Calls of next month need their partition before the month begins. */
  'callEvents.makePartitions': {
    ...nightly,
    repeat: { pattern: '10 3 * * *', timeZone: 'UTC' },
  },
  /** A client repeats a request for hours, not for days. */
  'idempotencyKeys.removeOld': { ...nightly, repeat: { pattern: '40 * * * *', timeZone: 'UTC' } },
  'outbox.removePublished': { ...nightly, repeat: { pattern: '30 3 * * *', timeZone: 'UTC' } },
  'messages.removeOld': { ...nightly, repeat: { pattern: '*/10 * * * *', timeZone: 'UTC' } },
  ...organisationJobs,
  ...messagingJobs,
  ...outboundJobs,
  ...faxJobs,
} as const satisfies JobDefinitions;

/**
 * How many run at once where it is not eight. Messages wait for servers that may hang, faxes for minutes of
 * a modem each.
 */
export const jobConcurrency = { messages: 24, faxes: 6 } as const;

type Definitions = typeof jobDefinitions;

/** All jobs as one union: `{ name, payload }`. */
export type Job = {
  [Name in JobName<Definitions>]: { name: Name; payload: JobPayload<Definitions, Name> };
}[JobName<Definitions>];
