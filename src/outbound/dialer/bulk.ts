import { sql } from 'kysely';
import type { Db } from '../../db/index.ts';

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
 * Somebody paid: homes that owe nothing any more leave every running collection. Returns calls that
 * ring there right now.
 */
export async function excludePaid(
  db: Db,
  roomIds: readonly string[],
  now: Date,
): Promise<{ attemptId: string; callId: string }[]> {
  if (roomIds.length === 0) return [];
  const today = now.toISOString().slice(0, 10);
  const owing = await db
    .selectFrom('bill')
    .select('roomId')
    .distinct()
    .whereRef('paidFen', '<', 'amountFen')
    .where('dueOn', '<=', today)
    .where('roomId', 'in', roomIds)
    .execute();
  const paid = roomIds.filter((id) => !owing.some((one) => one.roomId === id));
  if (paid.length === 0) return [];
  await sql`
    WITH paid AS (
      SELECT c.id, c.state FROM campaign_contact c
      WHERE c.room_id = ANY(${sql.val(paid)}::uuid[])
        AND c.campaign_id IN (SELECT id FROM campaign WHERE purpose = 'collection')
        AND (c.state = 'waiting' OR (c.state = 'dialling' AND NOT EXISTS (
          SELECT FROM attempt a WHERE a.contact_id = c.id AND a.state = 'answered')))
      FOR UPDATE
    ), changed AS (
      UPDATE campaign_contact c
      SET state = 'excluded', refusal = 'nothing_owed', finished_at = ${now}::timestamptz
      FROM paid WHERE c.id = paid.id RETURNING c.id, c.campaign_id, paid.state AS before
    )
    INSERT INTO outbox (name, payload, at)
    SELECT 'contact.changed', jsonb_build_object('contactId', id, 'campaignId', campaign_id,
      'from', before, 'to', 'excluded'), ${now}::timestamptz FROM changed
  `.execute(db);
  return db
    .selectFrom('attempt')
    .innerJoin('campaign', 'campaign.id', 'attempt.campaignId')
    .select(['attempt.id as attemptId', 'attempt.callId'])
    .where('attempt.roomId', 'in', paid)
    .where('attempt.state', '=', 'committed')
    .where('campaign.purpose', '=', 'collection')
    .execute();
}

/** Homes that owe nothing any more and whose telephone we ring for a debt right now. */
export async function paidWhileRinging(db: Db): Promise<string[]> {
  const { rows } = await sql<{ roomId: string }>`
    SELECT DISTINCT a.room_id AS "roomId"
    FROM attempt a JOIN campaign c ON c.id = a.campaign_id
    WHERE a.state = 'committed' AND c.purpose = 'collection' AND a.room_id IS NOT NULL
      AND NOT EXISTS (
        SELECT FROM bill b WHERE b.room_id = a.room_id AND b.paid_fen < b.amount_fen
          AND b.due_on <= current_date
      )
  `.execute(db);
  return rows.map(({ roomId }) => roomId);
}
