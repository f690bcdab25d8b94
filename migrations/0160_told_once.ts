import { sql, type Kysely } from 'kysely';

/**
 * Kept answers held secrets of second factors and passwords of telephones in clear, and the hashes of requests were
 * not keyed. A repetition across this change is done anew.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`DELETE FROM idempotency_key`.execute(db);
}
