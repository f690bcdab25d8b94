import { sql, type RawBuilder } from 'kysely';
import type { Db } from '../../db/index.ts';
import { dayIn } from '../../property/index.ts';

/** A stopped campaign: nobody who waits is called any more. One statement, whatever the number. */
export async function stopWaiting(db: Db, campaignId: string, now: Date): Promise<void> {
  await sql`
    WITH changed AS (
      UPDATE campaign_contact SET state = 'stopped', finished_at = ${now}::timestamptz
      WHERE campaign_id = ${campaignId} AND state = 'waiting' RETURNING id
    )
    INSERT INTO outbox (name, payload, at)
    SELECT 'contact.changed', jsonb_build_object('contactId', id, 'campaignId', ${campaignId}::text,
      'from', 'waiting', 'to', 'stopped'), ${now}::timestamptz FROM changed
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
  await sql`
    WITH paid AS (
      SELECT c.id, c.state FROM campaign_contact c JOIN campaign ON campaign.id = c.campaign_id
      WHERE c.room_id = ANY(${sql.val(roomIds)}::uuid[]) AND campaign.purpose = 'collection'
        AND (c.state = 'waiting' OR (c.state = 'dialling' AND NOT EXISTS (
          SELECT FROM attempt a WHERE a.contact_id = c.id AND a.state = 'answered')))
        AND NOT EXISTS (${owing(sql`c.room_id`, now)})
      FOR UPDATE OF c
    ), changed AS (
      UPDATE campaign_contact c
      SET state = 'excluded', refusal = 'nothing_owed', finished_at = ${now}::timestamptz
      FROM paid WHERE c.id = paid.id RETURNING c.id, c.campaign_id, paid.state AS before
    )
    INSERT INTO outbox (name, payload, at)
    SELECT 'contact.changed', jsonb_build_object('contactId', id, 'campaignId', campaign_id,
      'from', before, 'to', 'excluded'), ${now}::timestamptz FROM changed
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
