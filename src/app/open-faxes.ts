import path from 'node:path';
import type { Backbone } from '../backbone.ts';
import type { Config } from '../config/config.ts';
import { Faxes, type FaxParts } from '../faxes/index.ts';
import { noteOf } from '../outbound/index.ts';

/** Faxes as the settings have them; each try is a job. */
export function openFaxes(
  { dataDir, paymentUrl, messaging: { smsSign } }: Config,
  {
    jobs,
    ...parts
  }: Pick<FaxParts, 'db' | 'clock' | 'log' | 'cti' | 'dialling' | 'trunks'> &
    Pick<Backbone, 'jobs'>,
): Faxes {
  const { db, clock } = parts;
  return new Faxes({
    ...parts,
    faxesDir: path.join(dataDir, 'faxes'),
    noteOf: (messageId) => noteOf({ db, clock, paymentUrl, smsSign }, messageId),
    // The next try is asked for while this one's job still runs, so that it has no key.
    send: (faxId, delayMs) =>
      jobs.add('fax.send', { faxId }, delayMs === 0 ? { key: faxId } : { delayMs }),
  });
}
