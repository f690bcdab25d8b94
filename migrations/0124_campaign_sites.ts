import { sql, type Kysely } from 'kysely';

/** Whose estates a campaign and a list of numbers belong to, and who wrote a campaign's draft last. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    -- Null for all estates: only staff who see all of them see it.
    ALTER TABLE campaign ADD COLUMN site_ids uuid[], ADD COLUMN edited_by text;
    ALTER TABLE campaign_list ADD COLUMN site_ids uuid[];
    UPDATE campaign SET edited_by = created_by;
    UPDATE campaign SET site_ids = ARRAY(
        SELECT jsonb_array_elements_text(settings -> 'audience' -> 'estateIds')::uuid)
      WHERE jsonb_array_length(coalesce(settings -> 'audience' -> 'estateIds', '[]')) > 0;
  `.execute(db);
}
