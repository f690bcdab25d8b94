import { sql, type Kysely } from 'kysely';

/** Campaigns led by agents: who looks at a person before the call, and what they wrote down after it. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    ALTER TABLE campaign_contact
      ADD COLUMN reserved_by uuid,
      ADD COLUMN reserved_until timestamptz(3);
    ALTER TABLE attempt ADD COLUMN staff_id uuid;

    CREATE TABLE campaign_outcome (
      call_id uuid PRIMARY KEY,
      campaign_id uuid NOT NULL REFERENCES campaign (id),
      contact_id uuid NOT NULL REFERENCES campaign_contact (id),
      staff_id uuid NOT NULL,
      disposition text NOT NULL,
      answers jsonb NOT NULL,
      note text NOT NULL,
      call_again_at timestamptz(3),
      at timestamptz(3) NOT NULL
    );
    CREATE INDEX campaign_outcome_campaign ON campaign_outcome (campaign_id, at);
    CREATE INDEX campaign_outcome_contact ON campaign_outcome (contact_id);
  `.execute(db);
}
