import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE work_order (
      id uuid PRIMARY KEY,
      number text NOT NULL,
      kind text NOT NULL CHECK (kind IN ('repair', 'complaint', 'suggestion', 'message',
        'consultation', 'booking', 'listing', 'emergency', 'decoration', 'other')),
      category text NOT NULL,
      state text NOT NULL CHECK (state IN ('new', 'accepted', 'dispatched', 'in_progress',
        'done', 'confirmed', 'closed', 'cancelled')),
      severity text NOT NULL CHECK (severity IN ('minor', 'serious')),
      source text NOT NULL CHECK (source IN ('ivr', 'agent', 'web', 'api')),
      estate_id uuid NOT NULL REFERENCES estate (id),
      room_id uuid REFERENCES room (id),
      person_id uuid REFERENCES person (id),
      call_id uuid REFERENCES call (id),
      contact_number text NOT NULL,
      language text NOT NULL CHECK (language IN ('zh-CN', 'en')),
      summary text NOT NULL,
      idempotency_key text UNIQUE,
      created_at timestamptz(3) NOT NULL,
      updated_at timestamptz(3) NOT NULL
    );
    CREATE UNIQUE INDEX work_order_number ON work_order (number);
    CREATE INDEX work_order_page ON work_order (created_at DESC, id DESC);
    CREATE INDEX work_order_state ON work_order (state, created_at DESC, id DESC);
    CREATE INDEX work_order_person ON work_order (person_id, created_at DESC)
      WHERE person_id IS NOT NULL;
    CREATE INDEX work_order_room ON work_order (room_id, created_at DESC) WHERE room_id IS NOT NULL;
    CREATE INDEX work_order_call ON work_order (call_id) WHERE call_id IS NOT NULL;
    CREATE INDEX work_order_contact ON work_order (contact_number, created_at DESC);

    CREATE TABLE work_order_event (
      id uuid PRIMARY KEY,
      work_order_id uuid NOT NULL REFERENCES work_order (id),
      from_state text,
      to_state text NOT NULL,
      actor text NOT NULL,
      note text NOT NULL,
      at timestamptz(3) NOT NULL
    );
    CREATE INDEX work_order_event_order ON work_order_event (work_order_id, at);

    CREATE TABLE work_order_counter (day text PRIMARY KEY, last integer NOT NULL);
  `.execute(db);
}
