import { sql, type Kysely } from 'kysely';

/** Queues, who sits where, who waits, what was offered, what was talked. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE queue (
      id uuid PRIMARY KEY,
      code text NOT NULL UNIQUE CHECK (code ~ '^[a-z][a-z0-9-]{0,39}$'),
      settings jsonb NOT NULL,
      created_at timestamptz(3) NOT NULL DEFAULT now()
    );
    CREATE TABLE queue_member (
      queue_id uuid NOT NULL REFERENCES queue (id) ON DELETE CASCADE,
      staff_id uuid NOT NULL REFERENCES staff (id) ON DELETE CASCADE,
      place integer NOT NULL DEFAULT 0,
      PRIMARY KEY (queue_id, staff_id)
    );

    -- Telephones that may register: agents, and in demo mode owners in the browser.
    CREATE TABLE phone_account (
      username text PRIMARY KEY CHECK (username ~ '^[A-Za-z0-9._-]{1,64}$'),
      staff_id uuid REFERENCES staff (id) ON DELETE CASCADE,
      ha1 text NOT NULL CHECK (ha1 ~ '^[0-9a-f]{32}$'),
      caller_number text,
      updated_at timestamptz(3) NOT NULL
    );
    CREATE INDEX phone_account_number ON phone_account (caller_number)
      WHERE caller_number IS NOT NULL;

    CREATE TABLE agent_seat (
      staff_id uuid PRIMARY KEY REFERENCES staff (id) ON DELETE CASCADE,
      phone text NOT NULL CHECK (phone IN ('browser', 'sip', 'outside')),
      number text,
      presence text NOT NULL CHECK (presence IN ('offline', 'available', 'break')),
      reason text,
      presence_since timestamptz(3) NOT NULL,
      seated_at timestamptz(3) NOT NULL,
      idle_since timestamptz(3) NOT NULL,
      last_offered_at timestamptz(3)
    );
    -- What an agent did and when, for statistics; append-only.
    CREATE TABLE agent_event (
      id uuid PRIMARY KEY,
      staff_id uuid NOT NULL REFERENCES staff (id) ON DELETE CASCADE,
      at timestamptz(3) NOT NULL,
      kind text NOT NULL,
      data jsonb NOT NULL
    );
    CREATE INDEX agent_event_staff ON agent_event (staff_id, at);

    CREATE TABLE queue_entry (
      call_id uuid PRIMARY KEY REFERENCES call (id),
      queue_id uuid NOT NULL REFERENCES queue (id),
      state text NOT NULL
        CHECK (state IN ('waiting', 'answered', 'abandoned', 'overflowed', 'callback')),
      -- What the router knows of the caller.
      caller jsonb NOT NULL,
      entered_at timestamptz(3) NOT NULL,
      left_at timestamptz(3),
      answered_by uuid REFERENCES staff (id),
      callback_number text
    );
    CREATE INDEX queue_entry_waiting ON queue_entry (queue_id)
      WHERE state IN ('waiting', 'callback');
    CREATE INDEX queue_entry_day ON queue_entry (queue_id, entered_at);

    CREATE TABLE offer (
      id uuid PRIMARY KEY,
      call_id uuid NOT NULL REFERENCES call (id),
      staff_id uuid NOT NULL REFERENCES staff (id),
      queue_id uuid REFERENCES queue (id),
      kind text NOT NULL CHECK (kind IN ('queue', 'transfer', 'consult', 'emergency', 'return')),
      from_staff_id uuid REFERENCES staff (id),
      leg_id uuid,
      made_at timestamptz(3) NOT NULL,
      expires_at timestamptz(3) NOT NULL,
      ended_at timestamptz(3),
      result text CHECK (result IN ('accepted', 'declined', 'no_answer', 'unreachable', 'withdrawn'))
    );
    CREATE INDEX offer_call ON offer (call_id);
    CREATE INDEX offer_staff ON offer (staff_id, made_at);
    CREATE INDEX offer_open ON offer (staff_id) WHERE ended_at IS NULL;

    -- One agent's part in one call, until their wrap-up is done.
    CREATE TABLE engagement (
      id uuid PRIMARY KEY,
      call_id uuid NOT NULL REFERENCES call (id),
      staff_id uuid NOT NULL REFERENCES staff (id),
      queue_id uuid REFERENCES queue (id),
      leg_id uuid NOT NULL,
      talk_since timestamptz(3) NOT NULL,
      talk_until timestamptz(3),
      wrap_up_ends_at timestamptz(3),
      ended_at timestamptz(3),
      reason_code text,
      note text NOT NULL DEFAULT '',
      next_contact_at timestamptz(3)
    );
    CREATE INDEX engagement_call ON engagement (call_id);
    CREATE INDEX engagement_staff ON engagement (staff_id, talk_since);
    CREATE INDEX engagement_open ON engagement (staff_id) WHERE ended_at IS NULL;

    CREATE TABLE order_draft (
      call_id uuid PRIMARY KEY REFERENCES call (id),
      draft jsonb NOT NULL,
      updated_by uuid REFERENCES staff (id),
      updated_at timestamptz(3) NOT NULL
    );

    CREATE TABLE alarm (
      id uuid PRIMARY KEY,
      kind text NOT NULL CHECK (kind IN ('emergency', 'service_level', 'long_wait', 'switch_down')),
      raised_at timestamptz(3) NOT NULL,
      call_id uuid REFERENCES call (id),
      queue_id uuid REFERENCES queue (id),
      estate_id uuid REFERENCES estate (id),
      details jsonb NOT NULL,
      acknowledged_by text,
      acknowledged_at timestamptz(3),
      cleared_at timestamptz(3)
    );
    CREATE INDEX alarm_open ON alarm (raised_at) WHERE cleared_at IS NULL;

    -- Who is rung in turn when an emergency finds no agent.
    CREATE TABLE duty_phone (
      id uuid PRIMARY KEY,
      estate_id uuid REFERENCES estate (id),
      place integer NOT NULL,
      name text NOT NULL,
      number text NOT NULL CHECK (number ~ '^[0-9+]{2,20}$'),
      ring_sec integer NOT NULL DEFAULT 20 CHECK (ring_sec BETWEEN 5 AND 120)
    );
  `.execute(db);
}
