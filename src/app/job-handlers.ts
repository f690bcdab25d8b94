import { missingLists } from '../property/index.ts';
import type { Clock } from '../core/clock.ts';
import type { Jobs } from '../core/jobs/jobs.ts';
import type { Log } from '../core/log.ts';
import {
  makeCallEventPartitions,
  removeOldIdempotencyKeys,
  removeOldMessages,
  removeOldOutsideCalls,
  removePublishedEvents,
  type Pool,
} from '../db/index.ts';
import type { Faxes } from '../faxes/index.ts';
import type { jobDefinitions } from '../jobs.ts';
import type { Messaging } from '../messaging/index.ts';
import { fallBack, prepareCampaign, resumeChains } from '../outbound/index.ts';
import { removeExpiredSessions, removeOldTries } from '../organisation/index.ts';

const hourMs = 3600_000;
/** Counters look back a day; a carrier's bill of last month is still asked about. */
const outsideCallsKeptDays = 90;
/** What lies further ahead is left to the minute's job. */
const soonMs = 120_000;

/** How people are written to. */
export interface WritingParts {
  messaging: Messaging;
  smsSign: string | undefined;
  paymentUrl: string;
}

export interface JobParts {
  db: Pool;
  clock: Clock;
  log: Log;
  /** Left out where nothing is sent. */
  writing?: WritingParts | undefined;
  /** Left out where nothing is dialled. */
  faxes?: Faxes;
}

function needed<T>(part: T | undefined): T {
  if (part === undefined) throw new Error('this process has no calls yet');
  return part;
}

/** Says who does each job of src/jobs.ts. */
export function handleJobs(jobs: Jobs<typeof jobDefinitions>, parts: JobParts): void {
  const { db, clock, log, faxes } = parts;
  const before = (hours: number) => new Date(clock.now().getTime() - hours * hourMs);
  const tellRemoved = (what: string, count: number) => {
    if (count > 0) log.info({ count }, `old ${what} removed`);
  };
  const warnOfHolidays = () => {
    for (const year of missingLists(clock.now())) {
      log.warn({ year }, 'public holidays not known: update the package chinese-days');
    }
  };
  warnOfHolidays();
  jobs.handle('callEvents.makePartitions', () => {
    warnOfHolidays();
    return makeCallEventPartitions(db);
  });
  jobs.handle('sessions.removeExpired', async () => {
    tellRemoved('sessions', await removeExpiredSessions(db, clock.now()));
    tellRemoved('failed log-ins', await removeOldTries(db, before(24)));
  });
  jobs.handle('idempotencyKeys.removeOld', async () => {
    tellRemoved('idempotency keys', await removeOldIdempotencyKeys(db, before(48)));
  });
  jobs.handle('campaign.prepare', ({ campaignId }) =>
    prepareCampaign({ db, clock, log }, campaignId),
  );
  jobs.handle('fax.send', ({ faxId }) => needed(faxes).send(faxId));
  jobs.handle('faxes.sendDue', () => faxes?.sweep() ?? Promise.resolve());
  messageJobs(jobs, parts);
  jobs.handle('messages.removeOld', () => removeOldMessages(db, before(1 / 6)));
  jobs.handle('outbox.removePublished', async () => {
    tellRemoved('events', await removePublishedEvents(db, before(7 * 24)));
    tellRemoved(
      'calls outside',
      await removeOldOutsideCalls(db, before(outsideCallsKeptDays * 24)),
    );
  });
}

function messageJobs(
  jobs: Jobs<typeof jobDefinitions>,
  { db, clock, log, writing }: JobParts,
): void {
  const again = (contactId: string) =>
    jobs.add('contact.fallBack', { contactId }, { key: contactId });
  const later = async (contactId: string, at: Date) => {
    const delayMs = at.getTime() - clock.now().getTime();
    if (delayMs > soonMs) return;
    // A key of its own: the job that asks for it still runs.
    await jobs.add(
      'contact.fallBack',
      { contactId },
      { key: `${contactId}@${at.getTime()}`, delayMs: Math.max(0, delayMs) },
    );
  };
  jobs.handle('contact.fallBack', ({ contactId }) =>
    fallBack({ db, clock, log, ...needed(writing), later }, contactId),
  );
  jobs.handle('messages.resume', async () => {
    if (writing === undefined) return;
    await resumeChains({ db, clock, again });
    await writing.messaging.resume();
  });
}
