import type { Clock } from '../../core/clock.ts';
import type { Log } from '../../core/log.ts';
import type { Pool } from '../../db/index.ts';
import { deliver, giveUpOn, type MessageParts } from './messages.ts';
import { isInterrupted } from './message.states.ts';

/** As many as a minute's job looks at; the rest is for the next one. */
const most = 1000;

/**
 * Takes up what waits or was left lying: contacts to be written to whose time has come (or whose job was
 * lost with its process), and messages outside of chains, such as payment links.
 */
export async function resumeMessages(
  parts: MessageParts & { again: (contactId: string) => Promise<void> },
): Promise<void> {
  const { db, clock } = parts;
  const now = clock.now();
  const due = await db
    .selectFrom('campaignContact')
    .select('id')
    .where('fallback', '=', 'queued')
    .where((where) => where.or([where('fallbackAt', 'is', null), where('fallbackAt', '<=', now)]))
    .orderBy('fallbackAt')
    .limit(most)
    .execute();
  for (const { id } of due) await parts.again(id);
  const left = await loose(parts);
  const work = async () => {
    for (let one = left.shift(); one !== undefined; one = left.shift()) {
      if (one.state === 'queued') await deliver(parts, one.id);
      else if (isInterrupted(one.triedAt, now)) await giveUpOn(parts, one.id);
    }
  };
  // A gateway that hangs takes twenty seconds for each: one after the other would outlast the minute by far.
  await Promise.all(Array.from({ length: atOnce }, work));
}

const atOnce = 8;

function loose({ db, clock }: { db: Pool; clock: Clock; log: Log }) {
  return db
    .selectFrom('outboundMessage')
    .select(['id', 'state', 'triedAt'])
    .where('state', 'in', ['queued', 'sending'])
    .where('purpose', '!=', 'fallback')
    .where((where) => where.or([where('nextAt', 'is', null), where('nextAt', '<=', clock.now())]))
    .orderBy('id')
    .limit(100)
    .execute();
}
