import type { Clock } from '../../core/clock.ts';
import type { Pool } from '../../db/index.ts';

/** As many as a minute's job looks at; the rest is for the next one. */
const most = 1000;

/** Asks again for contacts that are to be written to and whose time has come, or whose job was lost with its process. */
export async function resumeChains({
  db,
  clock,
  again,
}: {
  db: Pool;
  clock: Clock;
  again: (contactId: string) => Promise<void>;
}): Promise<void> {
  const now = clock.now();
  const due = await db
    .selectFrom('campaignContact')
    .select('id')
    .where('fallback', '=', 'queued')
    .where((where) => where.or([where('fallbackAt', 'is', null), where('fallbackAt', '<=', now)]))
    .orderBy('fallbackAt')
    .limit(most)
    .execute();
  for (const { id } of due) await again(id);
}
