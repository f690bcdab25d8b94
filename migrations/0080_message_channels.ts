import { sql, type Kysely } from 'kysely';

/** Where people can be written to, whether an address is theirs, and what became of each message. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE person_address (
      id uuid PRIMARY KEY,
      person_id uuid NOT NULL REFERENCES person (id) ON DELETE CASCADE,
      channel text NOT NULL CHECK (channel IN ('email', 'fax')),
      address text NOT NULL CHECK (length(address) BETWEEN 3 AND 254),
      is_primary boolean NOT NULL,
      verified_at timestamptz(3),
      verified_how text CHECK (verified_how IN ('in_person', 'contract', 'code')),
      verified_by text,
      created_at timestamptz(3) NOT NULL DEFAULT now(),
      UNIQUE (person_id, channel, address),
      CHECK ((verified_at IS NULL) = (verified_how IS NULL))
    );
    CREATE INDEX person_address_address ON person_address (channel, address);

    ALTER TABLE person_phone
      ADD COLUMN verified_at timestamptz(3),
      ADD COLUMN verified_how text CHECK (verified_how IN ('in_person', 'contract', 'code')),
      ADD COLUMN verified_by text,
      ADD CHECK ((verified_at IS NULL) = (verified_how IS NULL));

    ALTER TABLE outbound_message
      DROP CONSTRAINT outbound_message_state_check,
      ADD CONSTRAINT outbound_message_state_check
        CHECK (state IN ('queued', 'sending', 'sent', 'delivered', 'failed', 'unknown')),
      ADD COLUMN subject text,
      ADD COLUMN tries integer NOT NULL DEFAULT 0,
      ADD COLUMN next_at timestamptz(3),
      ADD COLUMN tried_at timestamptz(3),
      ADD COLUMN delivered_at timestamptz(3),
      ADD COLUMN provider_id text,
      ADD COLUMN detail text;
    CREATE INDEX outbound_message_contact ON outbound_message (contact_id)
      WHERE contact_id IS NOT NULL;
    CREATE INDEX outbound_message_open ON outbound_message (id)
      WHERE state IN ('queued', 'sending');

    ALTER TABLE campaign_contact
      ADD COLUMN fallback_at timestamptz(3),
      DROP CONSTRAINT campaign_contact_fallback_check,
      ADD CONSTRAINT campaign_contact_fallback_check
        CHECK (fallback IN ('queued', 'sent', 'failed', 'unknown', 'dropped'));
    CREATE INDEX campaign_contact_fallback ON campaign_contact (fallback_at) WHERE fallback = 'queued';
  `.execute(db);
}
