import type { Clock } from './core/clock.ts';
import type { Jobs } from './core/jobs.ts';
import type { Log } from './core/log.ts';
import {
  makeCallEventPartitions,
  removeOldMessages,
  removePublishedEvents,
  type Pool,
} from './db/index.ts';
import { removeOldIdempotencyKeys } from './api/index.ts';
import type { Faxes } from './faxes/index.ts';
import type { jobDefinitions } from './jobs.ts';
import { fallBack, logSender, prepareCampaign } from './outbound/index.ts';
import { removeExpiredSessions } from './staff/index.ts';

const hourMs = 3600_000;

/** What jobs work with and what is there only when the calls are. */
export interface LateParts {
  faxes?: Faxes;
}

function needed<T>(part: T | undefined): T {
  if (part === undefined) throw new Error('this process has no calls yet');
  return part;
}

/** Says who does each job of src/jobs.ts. */
export function handleJobs(
  jobs: Jobs<typeof jobDefinitions>,
  { db, clock, log, late = {} }: { db: Pool; clock: Clock; log: Log; late?: LateParts },
): void {
  const before = (hours: number) => new Date(clock.now().getTime() - hours * hourMs);
  const tellRemoved = (what: string, count: number) => {
    if (count > 0) log.info({ count }, `old ${what} removed`);
  };
  jobs.handle('callEvents.makePartitions', () => makeCallEventPartitions(db));
  jobs.handle('sessions.removeExpired', async () => {
    tellRemoved('sessions', await removeExpiredSessions(db, clock.now()));
  });
  jobs.handle('idempotencyKeys.removeOld', async () => {
    tellRemoved('idempotency keys', await removeOldIdempotencyKeys(db, before(48)));
  });
  const sender = logSender(log);
  jobs.handle('campaign.prepare', ({ campaignId }) =>
    prepareCampaign({ db, clock, log }, campaignId),
  );
  jobs.handle('contact.fallBack', ({ contactId }) =>
    fallBack({ db, clock, log, sender }, contactId),
  );
  jobs.handle('fax.send', ({ faxId }) => needed(late.faxes).send(faxId));
  jobs.handle('faxes.sendDue', () => late.faxes?.sweep() ?? Promise.resolve());
  jobs.handle('messages.removeOld', () => removeOldMessages(db, before(1 / 6)));
  jobs.handle('outbox.removePublished', async () => {
    tellRemoved('events', await removePublishedEvents(db, before(7 * 24)));
  });
}
