import { sql, type Kysely } from 'kysely';

/** The history of an order also holds notes and edits, which keep its state. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    ALTER TABLE work_order_event
      ADD COLUMN kind text NOT NULL DEFAULT 'transition'
        CHECK (kind IN ('transition', 'note', 'edit')),
      ADD COLUMN changes jsonb NOT NULL DEFAULT '{}';
  `.execute(db);
}
