import { sql, type Kysely } from 'kysely';

/** Everybody who wrote a campaign's draft, and which version of it was heard and is approved. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    ALTER TABLE campaign
      ADD COLUMN version integer NOT NULL DEFAULT 1,
      ADD COLUMN editors text[] NOT NULL DEFAULT '{}';
    ALTER TABLE campaign_test ADD COLUMN version integer NOT NULL DEFAULT 1;
    UPDATE campaign SET editors = ARRAY(
      SELECT campaign.created_by UNION SELECT campaign.edited_by WHERE campaign.edited_by IS NOT NULL
      UNION SELECT 'staff:' || staff.username FROM audit_entry AS entry
        JOIN staff ON staff.id = entry.staff_id
        WHERE entry.act = 'campaign.changed' AND entry.subject = campaign.id::text);
  `.execute(db);
}
