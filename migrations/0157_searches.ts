import { sql, type Kysely } from 'kysely';

/** Numbers of the do-not-call list are found by their first and last digits, and one's own calls by who took part. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE INDEX IF NOT EXISTS do_not_call_first_digits ON do_not_call (number text_pattern_ops)
      WHERE number IS NOT NULL;
    CREATE INDEX IF NOT EXISTS do_not_call_last_digits ON do_not_call (reverse(number) text_pattern_ops)
      WHERE number IS NOT NULL;
    CREATE INDEX IF NOT EXISTS engagement_staff_call ON engagement (staff_id, call_id);
    CREATE INDEX IF NOT EXISTS outside_call_staff_call ON outside_call (staff_id, call_id)
      WHERE call_id IS NOT NULL AND refusal IS NULL;
  `.execute(db);
}
