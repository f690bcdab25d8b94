import { sql, type Kysely } from 'kysely';

/** Calls and orders are found by the first and last digits of their numbers, and read by estate, newest first. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE INDEX IF NOT EXISTS call_first_digits ON call (caller_number text_pattern_ops);
    CREATE INDEX IF NOT EXISTS call_last_digits ON call (reverse(caller_number) text_pattern_ops);
    CREATE INDEX IF NOT EXISTS call_estate ON call (estate_id, id DESC) WHERE estate_id IS NOT NULL;
    CREATE INDEX IF NOT EXISTS work_order_first_digits
      ON work_order (contact_number text_pattern_ops);
    CREATE INDEX IF NOT EXISTS work_order_last_digits
      ON work_order (reverse(contact_number) text_pattern_ops);
    CREATE INDEX IF NOT EXISTS work_order_estate ON work_order (estate_id, id DESC);
  `.execute(db);
}
