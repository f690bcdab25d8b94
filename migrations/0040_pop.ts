import { sql, type Kysely } from 'kysely';

/** What an agent must know of a person at once, and the indexes by which the pop and the search find it. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    ALTER TABLE person
      ADD COLUMN flags text[] NOT NULL DEFAULT '{}',
      ADD COLUMN account_staff_id uuid REFERENCES staff (id) ON DELETE SET NULL;
    CREATE INDEX person_initials ON person (split_part(name_pinyin, ' ', 2) text_pattern_ops);
    -- The last digits are what people say of a number.
    CREATE INDEX person_phone_tail ON person_phone (reverse(number) text_pattern_ops);
    CREATE INDEX room_number ON room (number text_pattern_ops);
    CREATE INDEX room_label ON room (label text_pattern_ops);
    CREATE INDEX work_order_open_room ON work_order (room_id, created_at DESC)
      WHERE room_id IS NOT NULL AND state NOT IN ('closed', 'cancelled');
    CREATE INDEX work_order_prefix ON work_order (number text_pattern_ops);
    -- Contacts of a number that nobody was tied to.
    CREATE INDEX call_stranger ON call (caller_number, started_at DESC) WHERE person_id IS NULL;
  `.execute(db);
}
