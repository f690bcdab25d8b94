import type { Db } from '../../db/index.ts';
import { deliverAlone, type DeliveryParts } from './deliver.ts';
import { isInterrupted } from './message.states.ts';
import { giveUpOn } from './messages.ts';

/** A gateway that hangs takes twenty seconds for each: one after the other would outlast the minute by far. */
const atOnce = 8;

/** Takes up what waits or was left lying outside of chains, such as payment links. */
export async function resumeMessages(parts: DeliveryParts): Promise<void> {
  const { db, clock } = parts;
  const now = clock.now();
  const left = await loose(db, now);
  const work = async () => {
    for (let one = left.shift(); one !== undefined; one = left.shift()) {
      if (one.state === 'queued') await deliverAlone(parts, one.id);
      else if (isInterrupted(one.triedAt, now)) await giveUpOn(parts, one.id);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
}

function loose(db: Db, now: Date) {
  return db
    .selectFrom('outboundMessage')
    .select(['id', 'state', 'triedAt'])
    .where('state', 'in', ['queued', 'sending'])
    .where('purpose', '!=', 'fallback')
    .where((where) => where.or([where('nextAt', 'is', null), where('nextAt', '<=', now)]))
    .orderBy('id')
    .limit(100)
    .execute();
}
