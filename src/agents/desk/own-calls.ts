import { sql, type RawBuilder } from 'kysely';
import { callInSites, type Sites } from '../../db/index.ts';

/**
 * Calls in which somebody took part: answered, dialled, asked or handed to them, also those that they handed on. What
 * only rang at them, or what they listened in on, is somebody else's call. The newest `limit` before `before`: each
 * half reads its index from the end, however many calls there are.
 */
export function isOwnCall(
  staffId: string,
  { sites, before, limit }: { sites: Sites; before: string | undefined; limit: number },
): RawBuilder<boolean> {
  const newest = (rows: RawBuilder<unknown>) => sql`(SELECT DISTINCT own.call_id
    FROM ${rows} AS own JOIN call ON call.id = own.call_id
    WHERE own.staff_id = ${staffId}
      AND ${before === undefined ? sql`true` : sql`own.call_id < ${before}`}
      AND ${callInSites(sites)}
    ORDER BY own.call_id DESC LIMIT ${limit})`;
  const dialled = sql`(SELECT * FROM outside_call WHERE call_id IS NOT NULL AND refusal IS NULL)`;
  return sql<boolean>`"call".id IN (${newest(sql`engagement`)} UNION ${newest(dialled)})`;
}
