import { sql, type Kysely } from 'kysely';

/** Who wrote a version of a flow; null for those that came with the program. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    ALTER TABLE flow_version
      ADD COLUMN author_id uuid REFERENCES staff (id),
      ADD COLUMN note text NOT NULL DEFAULT '';
  `.execute(db);
}
