import { sql, type Kysely } from 'kysely';

/** What an agent sees of a caller asks whether an emergency was raised for the call. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`CREATE INDEX alarm_call ON alarm (call_id) WHERE call_id IS NOT NULL`.execute(db);
}
