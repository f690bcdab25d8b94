import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE outbox (
      id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      name text NOT NULL,
      payload jsonb NOT NULL,
      at timestamptz(3) NOT NULL,
      published_at timestamptz(3)
    );
    CREATE INDEX outbox_waiting ON outbox (id) WHERE published_at IS NULL;
  `.execute(db);
}
