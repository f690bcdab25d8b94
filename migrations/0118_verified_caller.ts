import { sql, type Kysely } from 'kysely';

/**
 * Whether a trunk vouched for the caller's number, or one of our own telephones showed who it is. Calls of
 * before count as they did then.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    ALTER TABLE call ADD COLUMN is_number_verified boolean NOT NULL DEFAULT true;
  `.execute(db);
}
