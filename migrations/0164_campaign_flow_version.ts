import { sql, type Kysely } from 'kysely';

/** Which version of its flow a campaign was submitted with, and which one was heard. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    ALTER TABLE campaign ADD COLUMN flow_version integer, ADD COLUMN heard_flow_version integer;
    ALTER TABLE campaign_test ADD COLUMN flow_version integer;
  `.execute(db);
}
