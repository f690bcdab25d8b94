import { Type } from 'typebox';
import { idText, type JobDefinitions } from '../core/jobs/jobs.ts';

export const outboundJobs = {
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
} as const satisfies JobDefinitions;
