import { sql, type Kysely } from 'kysely';

/** A line of a list may have several numbers; those after the first are called when it is not reached. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    ALTER TABLE campaign_list_entry ADD COLUMN more_numbers jsonb NOT NULL DEFAULT '[]';
  `.execute(db);
}
