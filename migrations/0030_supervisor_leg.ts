import { sql, type Kysely } from 'kysely';

/** A supervisor who listens is a leg of the call, too. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    ALTER TABLE call_leg DROP CONSTRAINT call_leg_role_check;
    ALTER TABLE call_leg ADD CONSTRAINT call_leg_role_check
      CHECK (role IN ('caller', 'agent', 'outside', 'supervisor'));
  `.execute(db);
}
