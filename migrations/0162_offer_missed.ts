import { sql, type Kysely } from 'kysely';

/** An agent's own calls have those that they missed: the newest are read from the end. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE INDEX offer_missed ON offer (staff_id, call_id)
      WHERE result IN ('declined', 'no_answer', 'unreachable')
  `.execute(db);
}
