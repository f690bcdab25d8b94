import { sql, type Kysely } from 'kysely';

/** Runs of a campaign that repeats know their first one; no run is made twice. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    -- Null: the first of its series, or the only one.
    ALTER TABLE campaign ADD COLUMN series_id uuid REFERENCES campaign (id);
    CREATE UNIQUE INDEX campaign_series ON campaign (series_id, starts_at)
      WHERE series_id IS NOT NULL;
  `.execute(db);
}
