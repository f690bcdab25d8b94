import { sql, type Kysely } from 'kysely';

/** Calls on which somebody listens to a script before it goes out; no attempts on anybody. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE campaign_test (
      call_id uuid PRIMARY KEY,
      campaign_id uuid NOT NULL REFERENCES campaign (id),
      number text NOT NULL,
      language text NOT NULL CHECK (language IN ('zh-CN', 'en')),
      requested_by text NOT NULL,
      created_at timestamptz(3) NOT NULL
    );
    CREATE INDEX campaign_test_campaign ON campaign_test (campaign_id);
  `.execute(db);
}
