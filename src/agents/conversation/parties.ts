import type { Leg } from '../../cti/index.ts';
import type { Desk, Party } from '../agents.types.ts';
import { ignore } from '../../core/ignore.ts';

/** Whoever is at a leg that a predecessor dialled. */
export async function partyAt(desk: Pick<Desk, 'db'>, leg: Leg): Promise<Party> {
  const staffId = leg.recall('staff') ?? '';
  if (staffId === '') return { staffId: null, label: leg.number, leg };
  const staff = await ignore(
    desk.db.selectFrom('staff').select('displayName').where('id', '=', staffId).executeTakeFirst(),
    'the number stands for the name',
  );
  return { staffId, label: staff?.displayName ?? leg.number, leg };
}
