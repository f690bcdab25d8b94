import { sql, type Kysely } from 'kysely';

/**
 * Information for callers, by topic, in Chinese and perhaps in English. A fax now goes out for bills, for a
 * message of a campaign, or for an article.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE article (
      id uuid PRIMARY KEY,
      -- Null for all estates.
      estate_id uuid REFERENCES estate (id),
      topic text NOT NULL CHECK (topic IN ('estate_profile', 'company', 'decoration', 'policy',
        'buying_guide', 'daily_life', 'how_to', 'street', 'service_centre', 'rules')),
      title text NOT NULL CHECK (length(title) BETWEEN 1 AND 120),
      body text NOT NULL CHECK (length(body) BETWEEN 1 AND 3000),
      -- Empty together: whoever speaks English gets the Chinese words then.
      title_en text NOT NULL CHECK (length(title_en) <= 200),
      body_en text NOT NULL CHECK (length(body_en) <= 6000),
      CHECK ((title_en = '') = (body_en = '')),
      state text NOT NULL DEFAULT 'draft' CHECK (state IN ('draft', 'published', 'withdrawn')),
      -- Grows with each change; whoever changes it says which one they saw.
      version integer NOT NULL DEFAULT 1,
      -- When it last became public.
      published_at timestamptz(3),
      -- Null for what came with the program.
      updated_by uuid REFERENCES staff (id),
      created_at timestamptz(3) NOT NULL,
      updated_at timestamptz(3) NOT NULL,
      CHECK (state = 'draft' OR published_at IS NOT NULL)
    );
    CREATE INDEX article_spoken ON article (topic, published_at DESC, id) WHERE state = 'published';
    CREATE INDEX article_topic ON article (topic, id DESC);
    CREATE INDEX article_estate ON article (estate_id, id DESC);

    ALTER TABLE fax_sending
      ADD COLUMN article_id uuid REFERENCES article (id),
      DROP CONSTRAINT fax_sending_check,
      ADD CONSTRAINT fax_sending_check CHECK (
        num_nonnulls(bill_ids, message_id, article_id) = 1 AND (bill_ids IS NULL OR room_id IS NOT NULL));
    CREATE INDEX fax_sending_did ON fax_sending (did, id DESC) WHERE article_id IS NOT NULL;

    ALTER TABLE outbound_message
      DROP CONSTRAINT outbound_message_purpose_check,
      ADD CONSTRAINT outbound_message_purpose_check
        CHECK (purpose IN ('fallback', 'payment_link', 'notice', 'article'));
  `.execute(db);
}
