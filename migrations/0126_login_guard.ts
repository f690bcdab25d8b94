import { sql, type Kysely } from 'kysely';

/** Wrong passwords slow down whoever sends them, not the account; guessed codes count by themselves. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE login_guard (
      -- As it was typed, in small letters, whether or not there is such an account.
      username text NOT NULL,
      address text NOT NULL,
      failures integer NOT NULL,
      blocked_until timestamptz(3),
      updated_at timestamptz(3) NOT NULL,
      PRIMARY KEY (username, address)
    );
    ALTER TABLE staff
      -- A secret that no code was shown of yet; the one in use counts until then.
      ADD COLUMN totp_pending text,
      ADD COLUMN totp_failures integer NOT NULL DEFAULT 0,
      ADD COLUMN totp_blocked_until timestamptz(3);
    UPDATE staff SET totp_secret = NULL WHERE totp_enabled_at IS NULL;
  `.execute(db);
}
