import { sql, type Kysely } from 'kysely';

/** Entries of the do-not-call list are lifted, not deleted: who did it, when and why stays with them. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    ALTER TABLE do_not_call
      ADD COLUMN lifted_at timestamptz(3),
      ADD COLUMN lifted_by text,
      ADD COLUMN lifted_reason text,
      ADD CONSTRAINT do_not_call_lifting CHECK (
        (lifted_at IS NULL) = (lifted_by IS NULL) AND (lifted_at IS NULL) = (lifted_reason IS NULL)
      );
  `.execute(db);
}
