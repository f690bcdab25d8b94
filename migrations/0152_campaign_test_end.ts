import { sql, type Kysely } from 'kysely';

/** What became of a test call, so that whoever waits for it at a telephone that stays silent learns why. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    ALTER TABLE campaign_test
      ADD COLUMN answered_at timestamptz(3),
      ADD COLUMN ended_at timestamptz(3),
      ADD COLUMN result text,
      ADD CONSTRAINT campaign_test_ended CHECK ((ended_at IS NULL) = (result IS NULL));
  `.execute(db);
}
