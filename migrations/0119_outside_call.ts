import { sql, type Kysely } from 'kysely';

/** Every call to a number outside that was asked for, and those that were refused. Campaigns have their attempts. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE outside_call (
      id uuid PRIMARY KEY,
      at timestamptz(3) NOT NULL,
      purpose text NOT NULL,
      number text NOT NULL,
      -- Null for what the program did by itself.
      staff_id uuid REFERENCES staff (id) ON DELETE SET NULL,
      call_id uuid,
      -- Null when it was allowed.
      refusal text
    );
    CREATE INDEX outside_call_at ON outside_call (at);
  `.execute(db);
}
