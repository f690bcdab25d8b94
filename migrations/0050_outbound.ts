import { sql, type Kysely } from 'kysely';

/** Campaigns, whom they are for, each attempt to call, and what keeps us from calling. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE trunk (
      id uuid PRIMARY KEY,
      name text NOT NULL,
      gateway text NOT NULL UNIQUE CHECK (gateway ~ '^[A-Za-z0-9_.-]{1,60}$'),
      priority integer NOT NULL DEFAULT 1,
      max_lines integer NOT NULL CHECK (max_lines BETWEEN 1 AND 100000),
      prefixes jsonb NOT NULL DEFAULT '[]',
      caller_id text NOT NULL CHECK (caller_id ~ '^[0-9]{2,20}$'),
      caller_ids jsonb NOT NULL DEFAULT '{}',
      is_enabled boolean NOT NULL DEFAULT true,
      failures integer NOT NULL DEFAULT 0,
      resting_until timestamptz(3),
      created_at timestamptz(3) NOT NULL DEFAULT now()
    );

    CREATE TABLE calling_profile (
      person_id uuid PRIMARY KEY REFERENCES person (id) ON DELETE CASCADE,
      is_minor boolean NOT NULL DEFAULT false,
      flags jsonb NOT NULL DEFAULT '[]',
      updated_by text NOT NULL,
      updated_at timestamptz(3) NOT NULL
    );

    CREATE TABLE do_not_call (
      id uuid PRIMARY KEY,
      number text CHECK (number ~ '^[0-9]{3,20}$'),
      person_id uuid REFERENCES person (id) ON DELETE CASCADE,
      scope text NOT NULL
        CHECK (scope IN ('all', 'collection', 'service', 'research', 'marketing', 'emergency')),
      until timestamptz(3),
      source text NOT NULL CHECK (source IN ('call', 'staff', 'owner', 'import')),
      reason text NOT NULL,
      call_id uuid,
      created_by text NOT NULL,
      created_at timestamptz(3) NOT NULL,
      CHECK (number IS NOT NULL OR person_id IS NOT NULL)
    );
    CREATE INDEX do_not_call_number ON do_not_call (number) WHERE number IS NOT NULL;
    CREATE INDEX do_not_call_person ON do_not_call (person_id) WHERE person_id IS NOT NULL;
    CREATE UNIQUE INDEX do_not_call_once
      ON do_not_call (number, scope, call_id) WHERE call_id IS NOT NULL;

    CREATE TABLE subscription (
      person_id uuid NOT NULL REFERENCES person (id) ON DELETE CASCADE,
      topic text NOT NULL CHECK (topic ~ '^[a-z_]{1,40}$'),
      is_wanted boolean NOT NULL,
      channels jsonb NOT NULL DEFAULT '["call","sms"]',
      hours jsonb,
      evidence text NOT NULL,
      changed_at timestamptz(3) NOT NULL,
      PRIMARY KEY (person_id, topic)
    );
    CREATE INDEX subscription_topic ON subscription (topic) WHERE is_wanted;

    CREATE TABLE campaign_list (
      id uuid PRIMARY KEY,
      name text NOT NULL,
      entries integer NOT NULL,
      faults jsonb NOT NULL,
      created_by text NOT NULL,
      created_at timestamptz(3) NOT NULL
    );
    CREATE TABLE campaign_list_entry (
      list_id uuid NOT NULL REFERENCES campaign_list (id) ON DELETE CASCADE,
      line integer NOT NULL,
      number text NOT NULL,
      name text NOT NULL,
      language text NOT NULL CHECK (language IN ('zh-CN', 'en')),
      person_id uuid,
      room_id uuid,
      vars jsonb NOT NULL,
      PRIMARY KEY (list_id, line)
    );

    CREATE TABLE campaign (
      id uuid PRIMARY KEY,
      name text NOT NULL,
      kind text NOT NULL CHECK (kind IN
        ('arrears', 'notice', 'survey', 'return_visit', 'morning_call', 'agent_list')),
      purpose text NOT NULL
        CHECK (purpose IN ('collection', 'service', 'research', 'marketing', 'emergency')),
      topic text NOT NULL,
      state text NOT NULL CHECK (state IN
        ('draft', 'submitted', 'approved', 'running', 'paused', 'finished', 'stopped', 'cancelled')),
      settings jsonb NOT NULL,
      priority integer NOT NULL DEFAULT 5 CHECK (priority BETWEEN 0 AND 9),
      starts_at timestamptz(3),
      ends_at timestamptz(3),
      is_prepared boolean NOT NULL DEFAULT false,
      heard_at timestamptz(3),
      copied_from uuid REFERENCES campaign (id),
      submitted_by text,
      approved_by text,
      approved_at timestamptz(3),
      created_by text NOT NULL,
      created_at timestamptz(3) NOT NULL,
      updated_at timestamptz(3) NOT NULL,
      started_at timestamptz(3),
      ended_at timestamptz(3)
    );
    CREATE INDEX campaign_state ON campaign (state, priority) WHERE state IN ('approved', 'running');

    CREATE TABLE campaign_event (
      id uuid PRIMARY KEY,
      campaign_id uuid NOT NULL REFERENCES campaign (id),
      from_state text,
      to_state text NOT NULL,
      actor text NOT NULL,
      note text NOT NULL,
      at timestamptz(3) NOT NULL
    );
    CREATE INDEX campaign_event_campaign ON campaign_event (campaign_id, at);

    CREATE TABLE campaign_contact (
      id uuid PRIMARY KEY,
      campaign_id uuid NOT NULL REFERENCES campaign (id),
      household_key text NOT NULL,
      person_id uuid,
      room_id uuid,
      estate_id uuid,
      covered_room_ids jsonb NOT NULL DEFAULT '[]',
      name text NOT NULL,
      language text NOT NULL CHECK (language IN ('zh-CN', 'en')),
      time_zone text NOT NULL,
      numbers jsonb NOT NULL,
      vars jsonb NOT NULL DEFAULT '{}',
      state text NOT NULL CHECK (state IN
        ('waiting', 'dialling', 'reached', 'unreached', 'excluded', 'stopped')),
      result text,
      refusal text,
      attempts integer NOT NULL DEFAULT 0,
      next_at timestamptz(3),
      next_number text,
      tried_trunks jsonb NOT NULL DEFAULT '[]',
      owed_fen bigint,
      fallback text CHECK (fallback IN ('queued', 'sent', 'failed')),
      confirmed_at timestamptz(3),
      finished_at timestamptz(3),
      created_at timestamptz(3) NOT NULL,
      UNIQUE (campaign_id, household_key)
    );
    CREATE INDEX campaign_contact_due ON campaign_contact (campaign_id, next_at, id)
      WHERE state = 'waiting';
    CREATE INDEX campaign_contact_state ON campaign_contact (campaign_id, state);
    CREATE INDEX campaign_contact_room ON campaign_contact (room_id)
      WHERE state IN ('waiting', 'dialling') AND room_id IS NOT NULL;

    CREATE TABLE attempt (
      id uuid PRIMARY KEY,
      campaign_id uuid NOT NULL REFERENCES campaign (id),
      contact_id uuid NOT NULL REFERENCES campaign_contact (id),
      call_id uuid NOT NULL UNIQUE,
      subject_key text NOT NULL,
      household_key text NOT NULL,
      number text NOT NULL,
      person_id uuid,
      room_id uuid,
      trunk_id uuid NOT NULL REFERENCES trunk (id),
      caller_id text NOT NULL,
      state text NOT NULL CHECK (state IN ('committed', 'answered', 'ended')),
      result text,
      is_effective boolean NOT NULL DEFAULT false,
      hangup_cause text,
      owed_fen bigint,
      answerer jsonb,
      evidence jsonb NOT NULL,
      created_at timestamptz(3) NOT NULL,
      answered_at timestamptz(3),
      ended_at timestamptz(3)
    );
    CREATE UNIQUE INDEX attempt_live_household ON attempt (household_key) WHERE state <> 'ended';
    CREATE UNIQUE INDEX attempt_live_number ON attempt (number) WHERE state <> 'ended';
    CREATE INDEX attempt_live ON attempt (trunk_id) WHERE state <> 'ended';
    CREATE INDEX attempt_campaign ON attempt (campaign_id, created_at);
    CREATE INDEX attempt_contact ON attempt (contact_id, created_at);
    CREATE INDEX attempt_subject ON attempt (subject_key, created_at);
    CREATE INDEX attempt_room ON attempt (room_id, answered_at) WHERE room_id IS NOT NULL;

    CREATE TABLE payment_promise (
      id uuid PRIMARY KEY,
      room_id uuid NOT NULL REFERENCES room (id),
      person_id uuid,
      promised_on date NOT NULL,
      owed_fen bigint NOT NULL,
      call_id uuid NOT NULL UNIQUE,
      campaign_id uuid,
      created_at timestamptz(3) NOT NULL
    );
    CREATE INDEX payment_promise_room ON payment_promise (room_id, promised_on DESC);

    CREATE TABLE debt_dispute (
      id uuid PRIMARY KEY,
      room_id uuid NOT NULL REFERENCES room (id),
      person_id uuid,
      work_order_id uuid,
      call_id uuid NOT NULL UNIQUE,
      created_at timestamptz(3) NOT NULL
    );
    CREATE INDEX debt_dispute_room ON debt_dispute (room_id);

    CREATE TABLE survey_answer (
      id uuid PRIMARY KEY,
      survey text NOT NULL,
      question text NOT NULL,
      score integer NOT NULL,
      call_id uuid NOT NULL,
      campaign_id uuid,
      contact_id uuid,
      work_order_id uuid,
      person_id uuid,
      at timestamptz(3) NOT NULL,
      UNIQUE (call_id, question)
    );
    CREATE INDEX survey_answer_campaign ON survey_answer (campaign_id) WHERE campaign_id IS NOT NULL;

    CREATE TABLE outbound_message (
      id uuid PRIMARY KEY,
      campaign_id uuid REFERENCES campaign (id),
      contact_id uuid REFERENCES campaign_contact (id),
      person_id uuid,
      channel text NOT NULL CHECK (channel IN ('sms', 'email', 'fax')),
      purpose text NOT NULL CHECK (purpose IN ('fallback', 'payment_link', 'notice')),
      address text NOT NULL,
      language text NOT NULL CHECK (language IN ('zh-CN', 'en')),
      body text NOT NULL,
      state text NOT NULL CHECK (state IN ('queued', 'sent', 'failed')),
      reason text,
      once_key text NOT NULL UNIQUE,
      created_at timestamptz(3) NOT NULL,
      sent_at timestamptz(3)
    );
    CREATE INDEX outbound_message_campaign ON outbound_message (campaign_id);
  `.execute(db);
}
