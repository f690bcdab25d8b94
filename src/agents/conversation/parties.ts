import type { Call } from '../../cti/index.ts';
import type { Desk, Party } from '../agents.types.ts';

/** The agent whom a live call talks to, as the switch tells it; for whoever takes over from a predecessor. */
export async function partiesOf(
  desk: Pick<Desk, 'cti' | 'db'>,
  call: Call,
): Promise<{ agent: Party; queueId: string | null } | undefined> {
  if (call.bridgedTo === undefined) return undefined;
  const leg = desk.cti.legsOf(call.id).find((one) => one.id === call.bridgedTo);
  if (leg === undefined) return undefined;
  const staffId = leg.recall('staff') ?? null;
  const queue = leg.recall('queue') ?? '';
  const staff =
    staffId === null
      ? undefined
      : await desk.db
          .selectFrom('staff')
          .select('displayName')
          .where('id', '=', staffId)
          .executeTakeFirst();
  return {
    agent: { staffId, label: staff?.displayName ?? leg.number, leg },
    queueId: queue === '' ? null : queue,
  };
}
