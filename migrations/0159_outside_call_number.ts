import { sql, type Kysely } from 'kysely';

/** Calls of campaigns stand there, too: how often a number was dialled today is asked for each of them. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`CREATE INDEX outside_call_number ON outside_call (number, at)`.execute(db);
}
