import { UnchangedError } from '../core/changes.ts';
import type { Pool } from '../db/index.ts';
import { PersonNotFoundError, RoomUnknownError } from '../property/index.ts';

/** Writes down who calls, and about which home. Throws `owner.not_found`, `home.bad_room`, `request.unchanged`. */
export async function identify(
  db: Pool,
  callId: string,
  { personId, roomId }: { personId: string | null; roomId: string | null },
): Promise<void> {
  if (personId !== null) {
    const person = await db
      .selectFrom('person')
      .select('id')
      .where('id', '=', personId)
      .executeTakeFirst();
    if (person === undefined) throw new PersonNotFoundError();
  }
  if (roomId !== null) {
    const room = await db
      .selectFrom('room')
      .select('id')
      .where('id', '=', roomId)
      .executeTakeFirst();
    if (room === undefined) throw new RoomUnknownError();
  }
  const changed = await db
    .updateTable('call')
    .set({ personId, roomId })
    .where('id', '=', callId)
    .where((where) =>
      where.or([
        where('personId', 'is distinct from', personId),
        where('roomId', 'is distinct from', roomId),
      ]),
    )
    .returning('id')
    .executeTakeFirst();
  if (changed === undefined) throw new UnchangedError(['personId', 'roomId']);
}
