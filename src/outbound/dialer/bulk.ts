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
    WITH changed AS (
      UPDATE campaign_contact SET state = 'excluded', refusal = 'nothing_owed', finished_at = ${now}::timestamptz
      WHERE room_id = ANY(${sql.val(paid)}::uuid[]) AND state = 'waiting'
        AND campaign_id IN (SELECT id FROM campaign WHERE purpose = 'collection')
      RETURNING id, campaign_id
    )
    INSERT INTO outbox (name, payload, at)
    SELECT 'contact.changed', jsonb_build_object('contactId', id, 'campaignId', campaign_id,
      'from', 'waiting', 'to', 'excluded'), ${now}::timestamptz FROM changed
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
