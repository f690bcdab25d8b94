import { sql, type Kysely } from 'kysely';

/** A softphone lives as long as the session that asked for its password. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    ALTER TABLE phone_account
      -- Null: of a caller of the demo, or of a session that is over.
      ADD COLUMN session_id uuid REFERENCES staff_session (id) ON DELETE SET NULL,
      -- When the switch was told that its session is over.
      ADD COLUMN ended_at timestamptz(3);
    CREATE INDEX phone_account_session ON phone_account (session_id) WHERE session_id IS NOT NULL;
  `.execute(db);
}
