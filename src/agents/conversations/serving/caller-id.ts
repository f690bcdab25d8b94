import { sql } from 'kysely';
import { Scope, type Db } from '../../../db/index.ts';
import { dayIn, firstHotline } from '../../../property/index.ts';

/** A hotline's number, shown to whoever is called, and the estate that the call belongs to. */
export interface CallerId {
  did: string;
  estateId: string | null;
}

const programs = Scope.everything('the number that an outgoing call shows is public');

/**
 * Of the estate of the home that is called, else of the person, else of whoever has the number, as far as the agent sees
 * it; else of the agent. Where none of these is known the oldest number is shown, and the call belongs to no estate.
 */
export async function callerIdOf(
  db: Db,
  staffId: string,
  about: { number: string; personId?: string | undefined; roomId?: string | undefined },
  now: Date,
): Promise<CallerId> {
  const estateId = await estateOf(db, staffId, about, now);
  const own = estateId === null ? undefined : await firstHotline(programs, db, estateId);
  const did = own ?? (await firstHotline(programs, db, null)) ?? 'anonymous';
  return { did, estateId };
}

async function estateOf(
  db: Db,
  staffId: string,
  { number, personId, roomId }: Parameters<typeof callerIdOf>[2],
  now: Date,
): Promise<string | null> {
  const homes = sql`occupancy JOIN room ON room.id = occupancy.room_id
    JOIN estate ON estate.id = room.estate_id
    WHERE occupancy.valid_from <= ${dayIn(now, sql.ref('estate.time_zone'))}
      AND (occupancy.valid_to IS NULL OR occupancy.valid_to >= ${dayIn(now, sql.ref('estate.time_zone'))})`;
  const { rows } = await sql<{ estateId: string }>`
    WITH own AS (SELECT estate_id FROM staff_site WHERE staff_id = ${staffId})
    SELECT found.estate_id AS "estateId" FROM (
      SELECT 1 AS rank, room.estate_id FROM room WHERE room.id = ${roomId ?? null}::uuid
      UNION ALL SELECT 2, room.estate_id FROM ${homes} AND occupancy.person_id = ${personId ?? null}::uuid
      UNION ALL SELECT 3, room.estate_id FROM ${homes} AND occupancy.person_id IN (
        SELECT person_id FROM person_phone WHERE person_phone.number = ${number})
      UNION ALL SELECT 4, own.estate_id FROM own
    ) AS found
    WHERE NOT EXISTS (SELECT FROM own) OR found.estate_id IN (SELECT estate_id FROM own)
    ORDER BY found.rank, found.estate_id LIMIT 1`.execute(db);
  return rows[0]?.estateId ?? null;
}
