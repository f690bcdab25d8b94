import type { Leg } from '../../cti/index.ts';
import type { Pool } from '../../db/index.ts';
import type { Party } from '../acd/queues/waiting.types.ts';
import { ignore } from '../../core/ignore.ts';

/** Whoever is at a leg that a predecessor dialled. */
export async function partyAt(db: Pool, leg: Leg): Promise<Party> {
  const staffId = leg.recall('staff') ?? '';
  if (staffId === '') return { staffId: null, label: leg.number, leg };
  const staff = await ignore(
    db.selectFrom('staff').select('displayName').where('id', '=', staffId).executeTakeFirst(),
    'the number stands for the name',
  );
  return { staffId, label: staff?.displayName ?? leg.number, leg };
}

/** A colleague's name for the timeline; the number of an outside party is in its leg. */
export function nameOf({ staffId, label }: Party): string {
  return staffId === null ? '' : label;
}
