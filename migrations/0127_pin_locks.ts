import { sql, type Kysely } from 'kysely';

/** Locks of a PIN grow, and an owner has a few tries a day, whatever the number they come from. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    ALTER TABLE pin_guard
      ADD COLUMN locks integer NOT NULL DEFAULT 0,
      ADD COLUMN last_lock_at timestamptz(3),
      ADD COLUMN day_began_at timestamptz(3),
      ADD COLUMN tries_of_day integer NOT NULL DEFAULT 0;
  `.execute(db);
}
