import { sql } from 'kysely';

/** A column beside `call`: who has talked in it, each once, in the order in which they did. */
export const agentsOfCall = sql<{ staffId: string; displayName: string }[]>`coalesce((
  SELECT jsonb_agg(jsonb_build_object('staffId', talk.staff_id, 'displayName', staff.display_name)
    ORDER BY talk.since)
  FROM (
    SELECT staff_id, min(talk_since) AS since FROM engagement
    WHERE engagement.call_id = "call".id GROUP BY staff_id
  ) AS talk JOIN staff ON staff.id = talk.staff_id
), '[]'::jsonb)`;
