import { sql, type Kysely } from 'kysely';

/** Demo accounts share one password, so the service has to know them. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    ALTER TABLE staff ADD COLUMN is_demo boolean NOT NULL DEFAULT false;
    UPDATE staff SET is_demo = true
    WHERE username IN ('admin', 'supervisor', 'agent1', 'agent2', 'agent3', 'agent4', 'agent5', 'agent6');
  `.execute(db);
}
