import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE recording (
      id uuid PRIMARY KEY,
      call_id uuid NOT NULL REFERENCES call (id),
      leg_id uuid NOT NULL,
      work_order_id uuid REFERENCES work_order (id),
      purpose text NOT NULL
        CHECK (purpose IN ('call', 'repair', 'message', 'complaint', 'suggestion')),
      state text NOT NULL CHECK (state IN ('recording', 'ready', 'failed')),
      path text NOT NULL UNIQUE,
      channels integer NOT NULL CHECK (channels IN (1, 2)),
      started_at timestamptz(3) NOT NULL,
      ended_at timestamptz(3),
      duration_ms integer,
      bytes bigint,
      sha256 text,
      resume jsonb
    );
    CREATE INDEX recording_page ON recording (started_at DESC, id DESC);
    CREATE INDEX recording_call ON recording (call_id);
    CREATE INDEX recording_order ON recording (work_order_id) WHERE work_order_id IS NOT NULL;
    CREATE INDEX recording_open ON recording (started_at) WHERE state = 'recording';
  `.execute(db);
}
