import path from 'node:path';
import type { Backbone } from '../backbone.ts';
import type { Config } from '../config/config.ts';
import { carryMessages, Faxes, type FaxParts } from '../faxes/index.ts';
import type { Messaging } from '../messaging/index.ts';

/** Faxes as the settings have them, which carry messages, too; each try is a job. */
export function openFaxes(
  { dataDir }: Config,
  {
    jobs,
    events,
    messaging,
    ...parts
  }: Pick<FaxParts, 'db' | 'clock' | 'log' | 'cti' | 'outside'> &
    Pick<Backbone, 'jobs' | 'events'> & { messaging: Messaging },
): Faxes {
  const faxes = new Faxes({
    ...{ ...parts, messaging },
    faxesDir: path.join(dataDir, 'faxes'),
    // The next try is asked for while this one's job still runs, so that it has no key.
    send: (faxId, delayMs) =>
      jobs.add('fax.send', { faxId }, delayMs === 0 ? { key: faxId } : { delayMs }),
  });
  carryMessages({ db: parts.db, faxes, messaging, events });
  return faxes;
}
