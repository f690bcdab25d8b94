import { Type } from 'typebox';
import { idText, type JobDefinitions } from '../core/jobs/jobs.ts';
import { nightly } from '../core/jobs/nightly.ts';

export const faxJobs = {
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
