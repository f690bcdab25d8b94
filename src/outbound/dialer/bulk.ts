import { sql, type RawBuilder } from 'kysely';
import type { Db } from '../../db/index.ts';
import { dayIn } from '../../property/index.ts';
import { contactMoves } from '../campaigns/campaign.states.ts';

/** A stopped campaign: nobody who waits is called any more. One statement, whatever the number. */
export async function stopWaiting(db: Db, campaignId: string, now: Date): Promise<void> {
  const { from, to } = contactMoves.stop;
  await sql`
    WITH open AS (
      SELECT id, state FROM campaign_contact
      WHERE campaign_id = ${campaignId} AND state = ANY(${[...from]}::text[]) FOR UPDATE
    ), changed AS (
      UPDATE campaign_contact c SET state = ${to}, finished_at = ${now}::timestamptz
      FROM open WHERE c.id = open.id RETURNING c.id, open.state AS before
    )
    INSERT INTO outbox (name, payload, at)
    SELECT 'contact.changed', jsonb_build_object('contactId', id, 'campaignId', ${campaignId}::text,
      'from', before, 'to', ${to}::text), ${now}::timestamptz FROM changed
  `.execute(db);
}

/**
 * Somebody paid: homes that owe nothing any more of what a collection asks for leave it. Returns calls that
 * ring there right now.
 */
export async function excludePaid(
  db: Db,
  roomIds: readonly string[],
  now: Date,
): Promise<{ attemptId: string; callId: string }[]> {
  if (roomIds.length === 0) return [];
  const { from, to } = contactMoves.exclude;
  await sql`
    WITH paid AS (
      SELECT c.id, c.state FROM campaign_contact c JOIN campaign ON campaign.id = c.campaign_id
      WHERE c.room_id = ANY(${sql.val(roomIds)}::uuid[]) AND campaign.purpose = 'collection'
        AND c.state = ANY(${[...from]}::text[])
        -- Whoever talks already is not cut off.
        AND NOT (c.state = 'dialling' AND EXISTS (
          SELECT FROM attempt a WHERE a.contact_id = c.id AND a.state = 'answered'))
        AND NOT EXISTS (${owing(sql`c.room_id`, now)})
      FOR UPDATE OF c
    ), changed AS (
      UPDATE campaign_contact c
      SET state = ${to}, refusal = 'nothing_owed', finished_at = ${now}::timestamptz
      FROM paid WHERE c.id = paid.id RETURNING c.id, c.campaign_id, paid.state AS before
    )
    INSERT INTO outbox (name, payload, at)
    SELECT 'contact.changed', jsonb_build_object('contactId', id, 'campaignId', campaign_id,
      'from', before, 'to', ${to}::text), ${now}::timestamptz FROM changed
  `.execute(db);
  const { rows } = await sql<{ attemptId: string; callId: string }>`
    SELECT a.id AS "attemptId", a.call_id AS "callId"
    FROM attempt a JOIN campaign ON campaign.id = a.campaign_id
    WHERE a.room_id = ANY(${sql.val(roomIds)}::uuid[]) AND a.state = 'committed'
      AND campaign.purpose = 'collection' AND NOT EXISTS (${owing(sql`a.room_id`, now)})
  `.execute(db);
  return rows;
}

/** Bills of a home that the row `campaign` asks for: due, not paid, and of its kinds if it names any. */
function owing(roomId: RawBuilder<unknown>, now: Date): RawBuilder<unknown> {
  return sql`
    SELECT FROM bill b JOIN room ON room.id = b.room_id JOIN estate ON estate.id = room.estate_id
    WHERE b.room_id = ${roomId} AND b.paid_fen < b.amount_fen
      AND b.due_on <= ${dayIn(now, sql.ref('estate.time_zone'))}
      AND (campaign.settings #> '{audience,debt,kinds}' IS NULL
        OR campaign.settings #> '{audience,debt,kinds}' ? b.kind)
  `;
}

/** Homes that owe nothing any more and whose telephone we ring for a debt right now. */
export async function paidWhileRinging(db: Db, now: Date): Promise<string[]> {
  const { rows } = await sql<{ roomId: string }>`
    SELECT DISTINCT a.room_id AS "roomId"
    FROM attempt a JOIN campaign ON campaign.id = a.campaign_id
    WHERE a.state = 'committed' AND campaign.purpose = 'collection' AND a.room_id IS NOT NULL
      AND NOT EXISTS (${owing(sql`a.room_id`, now)})
  `.execute(db);
  return rows.map(({ roomId }) => roomId);
}

/**
 * Calls of other campaigns that ring and give their lines to an emergency, as many as it has people due;
 * the least important and the latest first. Those who have rung for long may answer any second.
 */
export async function givingWay(
  db: Db,
  { id }: { id: string },
  lines: number,
  now: Date,
): Promise<{ id: string; callId: string }[]> {
  const due = await db
    .selectFrom('campaignContact')
    .select('id')
    .where('campaignId', '=', id)
    .where('state', '=', 'waiting')
    .where('nextAt', '<=', now)
    .limit(lines)
    .execute();
  if (due.length === 0) return [];
  return db
    .selectFrom('attempt')
    .innerJoin('campaign', 'campaign.id', 'attempt.campaignId')
    .select(['attempt.id', 'attempt.callId'])
    .where('attempt.state', '=', 'committed')
    .where('campaign.purpose', '!=', 'emergency')
    .orderBy('campaign.priority', 'desc')
    .orderBy('attempt.createdAt', 'desc')
    .limit(due.length)
    .execute();
}
