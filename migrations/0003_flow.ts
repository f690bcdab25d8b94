import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE flow (
      id text PRIMARY KEY,
      name text NOT NULL,
      live_version integer,
      created_at timestamptz(3) NOT NULL DEFAULT now()
    );
    CREATE TABLE flow_version (
      flow_id text NOT NULL REFERENCES flow (id),
      version integer NOT NULL CHECK (version > 0),
      definition jsonb NOT NULL,
      checksum text NOT NULL,
      created_at timestamptz(3) NOT NULL DEFAULT now(),
      PRIMARY KEY (flow_id, version)
    );
  `.execute(db);
}
