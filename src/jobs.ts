import { Type } from 'typebox';
import { idText, type JobDefinitions, type JobName, type JobPayload } from './core/jobs/jobs.ts';

const nothing = Type.Object({}, { additionalProperties: false });
/** Housekeeping is light, and the next night comes by itself. */
const nightly = { payload: nothing, attempts: 5, backoffMs: 30_000, limitMs: 10 * 60_000 };

/**
 * Every background job: its payload (ids only), how often it is tried, and when it runs by itself.
 * Each has exactly one handler; src/app/job-handlers.ts says which, and the start fails without it.
 */
export const jobDefinitions = {
  /** Calls of next month need their partition before the month begins. */
  'callEvents.makePartitions': {
    ...nightly,
    repeat: { pattern: '10 3 * * *', timeZone: 'UTC' },
  },
  'sessions.removeExpired': { ...nightly, repeat: { pattern: '20 * * * *', timeZone: 'UTC' } },
  /** A client repeats a request for hours, not for days. */
  'idempotencyKeys.removeOld': { ...nightly, repeat: { pattern: '40 * * * *', timeZone: 'UTC' } },
  'outbox.removePublished': { ...nightly, repeat: { pattern: '30 3 * * *', timeZone: 'UTC' } },
  'messages.removeOld': { ...nightly, repeat: { pattern: '*/10 * * * *', timeZone: 'UTC' } },
  /** Writes down whom an approved campaign is for; a hundred thousand homes take minutes. */
  'campaign.prepare': {
    payload: Type.Object({ campaignId: idText() }, { additionalProperties: false }),
    attempts: 5,
    backoffMs: 5000,
    limitMs: 30 * 60_000,
  },
  /** Somebody is to be written to. Tries of a message have their own pauses; these are for our faults. */
  'contact.fallBack': {
    payload: Type.Object({ contactId: idText() }, { additionalProperties: false }),
    attempts: 8,
    backoffMs: 10_000,
    limitMs: 5 * 60_000,
    lane: 'messages',
  },
  /** Messages that wait for their time, or whose process died. */
  'messages.resume': {
    payload: nothing,
    attempts: 1,
    backoffMs: 1000,
    limitMs: 10 * 60_000,
    lane: 'messages',
    repeat: { pattern: '* * * * *', timeZone: 'UTC' },
  },
  /** One try. A job that dies with its process is taken up again, and goes on with the call that lives. */
  'fax.send': {
    payload: Type.Object({ faxId: idText() }, { additionalProperties: false }),
    attempts: 3,
    backoffMs: 30_000,
    limitMs: 25 * 60_000,
    lane: 'faxes',
  },
  /** Faxes that are due and whose job was lost. */
  'faxes.sendDue': { ...nightly, repeat: { pattern: '* * * * *', timeZone: 'UTC' } },
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
