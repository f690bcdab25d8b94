import { sql, type Kysely } from 'kysely';

/** Two more kinds of alarms: nobody was reached for an emergency, and calls outside cost more than expected. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    ALTER TABLE alarm
      DROP CONSTRAINT alarm_kind_check,
      ADD CONSTRAINT alarm_kind_check CHECK (kind IN ('emergency', 'service_level', 'long_wait',
        'switch_down', 'nobody_reached', 'dial_spend'));
  `.execute(db);
}
