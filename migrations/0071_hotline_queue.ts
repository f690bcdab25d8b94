import { sql, type Kysely } from 'kysely';

/** Which queue a hotline's callers wait in, and marks that they give after a talk. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    -- Null: the one for everybody.
    ALTER TABLE hotline ADD COLUMN queue_id uuid REFERENCES queue (id) ON DELETE SET NULL;

    ALTER TABLE survey_answer
      ADD COLUMN staff_id uuid REFERENCES staff (id),
      ADD COLUMN queue_id uuid REFERENCES queue (id);
    CREATE INDEX survey_answer_at ON survey_answer (survey, at);
    -- Handling times of a queue's last days.
    CREATE INDEX engagement_queue ON engagement (queue_id, ended_at) WHERE queue_id IS NOT NULL;
  `.execute(db);
}
