import { sql, type Kysely } from 'kysely';

/** How much of the end a recording lacks: its disk was full, or its switch died. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`ALTER TABLE recording ADD COLUMN missing_ms integer CHECK (missing_ms > 0)`.execute(db);
}
