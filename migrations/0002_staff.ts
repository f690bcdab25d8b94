import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE staff (
      id uuid PRIMARY KEY,
      username text NOT NULL UNIQUE CHECK (username ~ '^[a-z][a-z0-9._-]{1,39}$'),
      display_name text NOT NULL,
      role text NOT NULL CHECK (role IN ('admin', 'supervisor', 'agent')),
      password_hash text NOT NULL,
      failed_logins integer NOT NULL DEFAULT 0,
      locked_until timestamptz(3),
      is_disabled boolean NOT NULL DEFAULT false,
      created_at timestamptz(3) NOT NULL DEFAULT now()
    );

    CREATE TABLE staff_session (
      id uuid PRIMARY KEY,
      staff_id uuid NOT NULL REFERENCES staff (id) ON DELETE CASCADE,
      token_hash text NOT NULL UNIQUE,
      created_at timestamptz(3) NOT NULL DEFAULT now(),
      expires_at timestamptz(3) NOT NULL,
      user_agent text NOT NULL,
      address text NOT NULL
    );
    CREATE INDEX staff_session_expiry ON staff_session (expires_at);

    CREATE TABLE audit_entry (
      id uuid PRIMARY KEY,
      staff_id uuid REFERENCES staff (id),
      act text NOT NULL,
      subject text NOT NULL,
      details jsonb NOT NULL,
      at timestamptz(3) NOT NULL
    );
    CREATE INDEX audit_entry_page ON audit_entry (at DESC, id DESC);

    CREATE TABLE idempotency_key (
      staff_id uuid NOT NULL REFERENCES staff (id) ON DELETE CASCADE,
      key text NOT NULL,
      request_hash text NOT NULL,
      status integer,
      body jsonb,
      created_at timestamptz(3) NOT NULL DEFAULT now(),
      PRIMARY KEY (staff_id, key)
    );
    CREATE INDEX idempotency_key_age ON idempotency_key (created_at);
  `.execute(db);
}
