import { sql } from 'kysely';
import { outboxRow, type Db } from '../../db/index.ts';
import type { CallDirection } from '../../db/schema.ts';

export interface NewCall {
  id: string;
  legId: string;
  direction: CallDirection;
  did: string;
  callerNumber: string;
  /** See `Call.isNumberVerified`. */
  isNumberVerified: boolean;
  startedAt: Date;
  switchNode: string;
}

/**
 * Call, first leg and the news of it, in one statement; nothing when the call is there already. Written as
 * text: a builder takes as long to put these three together as the rest of an arriving call.
 */
export async function beginCall(db: Db, call: NewCall): Promise<void> {
  const { id, legId, direction, did, callerNumber, isNumberVerified, startedAt, switchNode } = call;
  const told = outboxRow('call.started', { callId: id, did }, startedAt);
  await sql`
    WITH made AS (
      INSERT INTO call
        (id, direction, did, caller_number, is_number_verified, started_at, switch_node, state)
      VALUES (${id}, ${direction}, ${did}, ${callerNumber}, ${isNumberVerified}, ${startedAt},
        ${switchNode}, 'ringing')
      ON CONFLICT (id) DO NOTHING
      RETURNING id, direction, caller_number, started_at
    ), leg AS (
      INSERT INTO call_leg (id, call_id, role, direction, number, started_at)
      SELECT ${legId}::uuid, id, 'caller', direction, caller_number, started_at FROM made
    )
    INSERT INTO outbox (name, payload, at)
    SELECT ${told.name}, ${told.payload}::jsonb, ${told.at}::timestamptz FROM made
  `.execute(db);
}
