import { sql, type Kysely } from 'kysely';

/**
 * Messages by fax, messages that are written again by hand, and what people write to us. A fax now goes
 * out either for bills or for a message of a campaign.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    ALTER TABLE fax_sending
      ALTER COLUMN room_id DROP NOT NULL,
      ALTER COLUMN bill_ids DROP NOT NULL,
      ADD COLUMN message_id uuid UNIQUE REFERENCES outbound_message (id),
      -- In an emergency the next channel is worth more than patience.
      ADD COLUMN is_urgent boolean NOT NULL DEFAULT false,
      ADD CHECK (CASE WHEN message_id IS NULL
        THEN room_id IS NOT NULL AND bill_ids IS NOT NULL ELSE bill_ids IS NULL END);

    -- Each time that staff ask for it again begins a new chain of channels.
    ALTER TABLE campaign_contact ADD COLUMN writing_round integer NOT NULL DEFAULT 0;
    ALTER TABLE outbound_message ADD COLUMN writing_round integer NOT NULL DEFAULT 0;
    CREATE INDEX outbound_message_address ON outbound_message (address, created_at DESC);

    -- A mail that came back for good: nobody writes there until somebody changes or confirms it.
    ALTER TABLE person_address ADD COLUMN bounced_at timestamptz(3);

    CREATE TABLE incoming_message (
      id uuid PRIMARY KEY,
      channel text NOT NULL CHECK (channel IN ('sms')),
      -- The gateway's: the same again is not filed twice.
      provider_id text NOT NULL,
      number text NOT NULL,
      text text NOT NULL,
      -- Whether it asks for an end, and what of.
      asks text NOT NULL CHECK (asks IN ('stop', 'nothing')),
      topic text,
      person_id uuid REFERENCES person (id),
      -- Of ours, which it answers as far as anybody can tell.
      message_id uuid REFERENCES outbound_message (id),
      campaign_id uuid REFERENCES campaign (id),
      received_at timestamptz(3) NOT NULL,
      UNIQUE (channel, provider_id)
    );
    CREATE INDEX incoming_message_person ON incoming_message (person_id, received_at DESC);
    CREATE INDEX incoming_message_campaign ON incoming_message (campaign_id, received_at DESC)
      WHERE campaign_id IS NOT NULL;
  `.execute(db);
}
