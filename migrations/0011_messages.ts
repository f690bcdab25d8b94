import { sql, type Kysely } from 'kysely';

/** Messages too long for NOTIFY, and a NOTIFY with every event that is written. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    -- Unlogged: a message lives for seconds, and a crash loses those under way anyhow.
    CREATE UNLOGGED TABLE message (
      id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      payload text NOT NULL,
      created_at timestamptz(3) NOT NULL DEFAULT now()
    );

    CREATE FUNCTION notify_outbox() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      -- Delivered at commit, and once for a transaction however much it wrote.
      PERFORM pg_notify('lingting_outbox', '');
      RETURN NULL;
    END $$;
    CREATE TRIGGER outbox_notify AFTER INSERT ON outbox
      FOR EACH STATEMENT EXECUTE FUNCTION notify_outbox();
    CREATE INDEX outbox_published ON outbox (published_at) WHERE published_at IS NOT NULL;
  `.execute(db);
}
