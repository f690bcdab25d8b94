import { sql, type Kysely } from 'kysely';

/** Faxes that go out, and each try to send one. Files lie in the faxes folder as out/<id>.tiff. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE fax_sending (
      id uuid PRIMARY KEY,
      room_id uuid NOT NULL REFERENCES room (id),
      bill_ids uuid[] NOT NULL CHECK (cardinality(bill_ids) BETWEEN 1 AND 100),
      number text NOT NULL,
      language text NOT NULL,
      -- The hotline that is shown to the far end and named on the page.
      did text NOT NULL,
      state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'sending', 'sent', 'failed')),
      pages integer,
      reason text,
      -- Who asked for it: a member of staff, or the caller in that call.
      staff_id uuid REFERENCES staff (id),
      call_id uuid,
      -- The same request again makes no second fax.
      key text NOT NULL UNIQUE,
      next_try_at timestamptz(3),
      created_at timestamptz(3) NOT NULL,
      ended_at timestamptz(3)
    );
    CREATE INDEX fax_sending_due ON fax_sending (next_try_at) WHERE state IN ('waiting', 'sending');
    CREATE INDEX fax_sending_room ON fax_sending (room_id, id DESC);

    CREATE TABLE fax_try (
      id uuid PRIMARY KEY,
      fax_id uuid NOT NULL REFERENCES fax_sending (id) ON DELETE CASCADE,
      call_id uuid NOT NULL,
      started_at timestamptz(3) NOT NULL,
      ended_at timestamptz(3),
      is_sent boolean NOT NULL DEFAULT false,
      pages_sent integer NOT NULL DEFAULT 0,
      reason text
    );
    CREATE INDEX fax_try_fax ON fax_try (fax_id, started_at);
    -- No two tries of one fax at a time, whatever two processes think.
    CREATE UNIQUE INDEX fax_try_open ON fax_try (fax_id) WHERE ended_at IS NULL;
  `.execute(db);
}
