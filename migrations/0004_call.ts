import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE call (
      id uuid PRIMARY KEY,
      direction text NOT NULL CHECK (direction IN ('inbound', 'outbound')),
      state text NOT NULL
        CHECK (state IN ('ringing', 'in_flow', 'queued', 'offered', 'talking', 'ended')),
      did text NOT NULL,
      estate_id uuid REFERENCES estate (id),
      caller_number text NOT NULL,
      language text NOT NULL DEFAULT 'zh-CN' CHECK (language IN ('zh-CN', 'en')),
      person_id uuid REFERENCES person (id),
      room_id uuid REFERENCES room (id),
      flow_id text,
      flow_version integer,
      switch_node text NOT NULL,
      started_at timestamptz(3) NOT NULL,
      answered_at timestamptz(3),
      ended_at timestamptz(3),
      hangup_cause text,
      outcome text
    );
    CREATE INDEX call_page ON call (started_at DESC, id DESC);
    CREATE INDEX call_number ON call (caller_number, started_at DESC);
    CREATE INDEX call_person ON call (person_id, started_at DESC) WHERE person_id IS NOT NULL;
    CREATE INDEX call_live ON call (switch_node) WHERE state <> 'ended';

    CREATE TABLE call_leg (
      id uuid PRIMARY KEY,
      call_id uuid NOT NULL REFERENCES call (id),
      role text NOT NULL CHECK (role IN ('caller', 'agent', 'outside')),
      direction text NOT NULL CHECK (direction IN ('inbound', 'outbound')),
      number text NOT NULL,
      started_at timestamptz(3) NOT NULL,
      answered_at timestamptz(3),
      ended_at timestamptz(3),
      hangup_cause text
    );
    CREATE INDEX call_leg_call ON call_leg (call_id);

    CREATE TABLE call_event (
      call_id uuid NOT NULL,
      seq integer NOT NULL,
      at timestamptz(3) NOT NULL,
      kind text NOT NULL,
      data jsonb NOT NULL,
      PRIMARY KEY (call_id, seq, at)
    ) PARTITION BY RANGE (at);
    CREATE TABLE call_event_default PARTITION OF call_event DEFAULT;

    CREATE FUNCTION make_call_event_partitions(months integer) RETURNS void
    LANGUAGE plpgsql AS $$
    DECLARE
      first date := date_trunc('month', now() AT TIME ZONE 'UTC')::date;
      month date;
    BEGIN
      FOR i IN 0..months LOOP
        month := first + make_interval(months => i);
        EXECUTE format(
          'CREATE TABLE IF NOT EXISTS %I PARTITION OF call_event FOR VALUES FROM (%L) TO (%L)',
          'call_event_' || to_char(month, 'YYYYMM'),
          to_char(month, 'YYYY-MM-DD') || ' 00:00+00',
          to_char(month + interval '1 month', 'YYYY-MM-DD') || ' 00:00+00'
        );
      END LOOP;
    END $$;
    SELECT make_call_event_partitions(2);
  `.execute(db);
}
