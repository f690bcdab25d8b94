import { sql, type Kysely } from 'kysely';

/** Which supervisor set an agent's presence: the agent is told. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`ALTER TABLE agent_seat ADD COLUMN presence_by text`.execute(db);
}
