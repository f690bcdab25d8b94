import type { MissedOffer } from '../contract/codes.ts';
import { sql, type RawBuilder } from 'kysely';
import { callInSites, type Scope } from '../db/index.ts';

/** Their telephone rang and they did not talk. As the index `offer_missed` has it. */
const missedResults = sql`('declined', 'no_answer', 'unreachable')`;

export interface OwnCalls {
  before: string | undefined;
  limit: number;
  /** Of the row `call`. */
  wanted: RawBuilder<boolean>;
}

/**
 * Calls in which somebody took part: answered, dialled, asked or handed to them, also those that they handed on, and
 * those that rang at them in vain. What they listened in on, or what was taken back before they could answer, is
 * somebody else's call. The newest `limit` before `before` of the calls that are `wanted`: each part reads its index
 * from the end, however many calls there are.
 */
export function isOwnCall(
  { sites, staffId }: Scope,
  { before, limit, wanted }: OwnCalls,
): RawBuilder<boolean> {
  const newest = (
    rows: RawBuilder<unknown>,
    which = sql<boolean>`true`,
  ) => sql`(SELECT DISTINCT own.call_id
    FROM ${rows} AS own JOIN call ON call.id = own.call_id
    WHERE own.staff_id = ${staffId}
      AND ${before === undefined ? sql`true` : sql`own.call_id < ${before}`}
      AND ${which} AND ${wanted}
    ORDER BY own.call_id DESC LIMIT ${limit})`;
  const dialled = sql`(SELECT * FROM outside_call WHERE call_id IS NOT NULL AND refusal IS NULL)`;
  const missed = sql`(SELECT * FROM offer WHERE result IN ${missedResults})`;
  return sql<boolean>`"call".id IN (
    ${newest(sql`engagement`)} UNION ${newest(dialled, callInSites(sites))} UNION ${newest(missed)})`;
}

/** A column beside `call`: how somebody missed it, the last time it rang at them; null when they talked in it. */
export function missedBy(staffId: string): RawBuilder<MissedOffer | null> {
  return sql`(SELECT offer.result FROM offer
    WHERE offer.call_id = "call".id AND offer.staff_id = ${staffId} AND offer.result IN ${missedResults}
      AND NOT EXISTS (SELECT FROM engagement
        WHERE engagement.call_id = "call".id AND engagement.staff_id = ${staffId})
    ORDER BY offer.made_at DESC LIMIT 1)`;
}
