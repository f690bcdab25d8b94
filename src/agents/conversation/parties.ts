import type { Leg } from '../../cti/index.ts';
import type { Desk, Party } from '../agents.types.ts';

/** Whoever is at a leg that a predecessor dialled. */
export async function partyAt(desk: Pick<Desk, 'db'>, leg: Leg): Promise<Party> {
  const staffId = leg.recall('staff') ?? '';
  if (staffId === '') return { staffId: null, label: leg.number, leg };
  const staff = await desk.db
    .selectFrom('staff')
    .select('displayName')
    .where('id', '=', staffId)
    .executeTakeFirst()
    // A name is not worth a talk.
    .catch(() => undefined);
  return { staffId, label: staff?.displayName ?? leg.number, leg };
}
