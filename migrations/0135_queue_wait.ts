import { sql, type Kysely } from 'kysely';

/**
 * A wait is a row: `queue_entry` says where a call waits now, `queue_wait` every wait of it, so that a caller
 * who was moved or sent on counts for each queue that they waited in. Kept by the database, in the statement
 * that changes the entry.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE queue_wait (
      id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      call_id uuid NOT NULL REFERENCES call (id),
      queue_id uuid NOT NULL REFERENCES queue (id),
      state text NOT NULL
        CHECK (state IN ('waiting', 'answered', 'abandoned', 'overflowed', 'callback')),
      entered_at timestamptz(3) NOT NULL,
      left_at timestamptz(3),
      answered_by uuid REFERENCES staff (id)
    );
    CREATE INDEX queue_wait_call ON queue_wait (call_id, id);
    CREATE INDEX queue_wait_entered ON queue_wait (entered_at);
    CREATE INDEX queue_wait_queue ON queue_wait (queue_id, entered_at);

    -- What happened before is known by its last queue alone.
    INSERT INTO queue_wait (call_id, queue_id, state, entered_at, left_at, answered_by)
      SELECT call_id, queue_id, state, entered_at, left_at, answered_by FROM queue_entry
      ORDER BY entered_at;

    CREATE FUNCTION queue_entry_to_wait() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF TG_OP = 'UPDATE' AND NEW.queue_id = OLD.queue_id
          AND (OLD.left_at IS NULL OR NEW.left_at IS NOT NULL) THEN
        UPDATE queue_wait
          SET state = NEW.state, left_at = NEW.left_at, answered_by = NEW.answered_by
          WHERE id = (SELECT max(id) FROM queue_wait WHERE call_id = NEW.call_id);
        RETURN NULL;
      END IF;
      -- Moved, or waiting again after a talk: the wait before is over, and another begins.
      UPDATE queue_wait SET state = 'overflowed', left_at = NEW.entered_at
        WHERE call_id = NEW.call_id AND left_at IS NULL;
      INSERT INTO queue_wait (call_id, queue_id, state, entered_at, left_at, answered_by)
        VALUES (NEW.call_id, NEW.queue_id, NEW.state, NEW.entered_at, NEW.left_at, NEW.answered_by);
      RETURN NULL;
    END $$;
    CREATE TRIGGER queue_entry_wait AFTER INSERT OR UPDATE ON queue_entry
      FOR EACH ROW EXECUTE FUNCTION queue_entry_to_wait();
  `.execute(db);
}
