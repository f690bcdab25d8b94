import { sql } from 'kysely';
import type { Db } from '../../db/index.ts';
import type { EventName } from '../../events.ts';
import { beginCall, type NewCall } from './begin-call.ts';
import type { CallChange } from './call.types.ts';

/** What happened to a call since it was last written. */
export interface PendingCall {
  id: string;
  /** Of a call whose row could not be made when it arrived. */
  begun?: NewCall;
  answered?: { at: Date; legId: string };
  change: CallChange;
  ended?: { at: Date; cause: string };
  events: { at: Date; kind: string; data: Record<string, unknown> }[];
}

/**
 * Results of which the later one counts; what stands here is never replaced by one before it, or by one that is
 * not here. Who talked and then waited for a colleague in vain has talked; what they came for is an order.
 */
const outcomesByWeight = ['abandoned', 'talked', 'callback', 'message_left', 'order_made'];

/** Put into the outbox by the statement itself, with the payload that `events.ts` describes. */
const endedName: EventName = 'call.ended';

/**
 * Writes changes and events of many calls in one statement, which is one transaction. Resolves with
 * the calls that ended with it; those that had ended before are left as they were.
 */
export async function saveCalls(
  db: Db,
  calls: readonly PendingCall[],
): Promise<ReadonlySet<string>> {
  for (const { begun } of calls) if (begun !== undefined) await beginCall(db, begun);
  const rows = calls.map(({ id, answered, change, ended }) => ({
    id,
    answered_at: answered?.at,
    leg_id: answered?.legId,
    ended_at: ended?.at,
    cause: ended?.cause,
    change,
  }));
  const events = calls.flatMap(({ id, events }) =>
    events.map((event, at) => ({ call_id: id, place: at + 1, ...event })),
  );
  const { rows: ended } = await sql<{ id: string }>`
    WITH x AS (
      SELECT * FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS x (
        id uuid, answered_at timestamptz, leg_id uuid, ended_at timestamptz, cause text,
        change jsonb
      )
    ), leg AS (
      UPDATE call_leg AS l SET
        answered_at = CASE WHEN l.id = x.leg_id
          THEN coalesce(l.answered_at, x.answered_at) ELSE l.answered_at END,
        ended_at = coalesce(l.ended_at, x.ended_at),
        hangup_cause = CASE WHEN l.ended_at IS NULL
          THEN coalesce(x.cause, l.hangup_cause) ELSE l.hangup_cause END
      FROM x WHERE l.call_id = x.id AND (l.id = x.leg_id OR x.ended_at IS NOT NULL)
    ), event AS (
      INSERT INTO call_event (call_id, seq, at, kind, data)
      SELECT e.call_id, e.place + coalesce(
          (SELECT max(seq) FROM call_event AS before WHERE before.call_id = e.call_id), 0
        ), e.at, e.kind, e.data
      FROM jsonb_to_recordset(${JSON.stringify(events)}::jsonb) AS e (
        call_id uuid, place integer, at timestamptz, kind text, data jsonb
      )
    ), saved AS (
      UPDATE call AS c SET
        state = CASE
          WHEN c.ended_at IS NOT NULL THEN c.state
          WHEN x.ended_at IS NOT NULL THEN 'ended'
          WHEN x.change ? 'state' THEN x.change ->> 'state'
          WHEN c.answered_at IS NULL AND x.answered_at IS NOT NULL THEN 'in_flow'
          ELSE c.state END,
        answered_at = coalesce(c.answered_at, x.answered_at),
        ended_at = coalesce(c.ended_at, x.ended_at),
        hangup_cause = CASE WHEN c.ended_at IS NULL
          THEN coalesce(x.cause, c.hangup_cause) ELSE c.hangup_cause END,
        estate_id = CASE WHEN x.change ? 'estateId'
          THEN (x.change ->> 'estateId')::uuid ELSE c.estate_id END,
        person_id = CASE WHEN x.change ? 'personId'
          THEN (x.change ->> 'personId')::uuid ELSE c.person_id END,
        room_id = CASE WHEN x.change ? 'roomId'
          THEN (x.change ->> 'roomId')::uuid ELSE c.room_id END,
        flow_version = CASE WHEN x.change ? 'flowVersion'
          THEN (x.change ->> 'flowVersion')::integer ELSE c.flow_version END,
        flow_id = coalesce(x.change ->> 'flowId', c.flow_id),
        language = coalesce(x.change ->> 'language', c.language),
        outcome = CASE
          WHEN coalesce(array_position(${outcomesByWeight}::text[], c.outcome), 0)
            > coalesce(array_position(${outcomesByWeight}::text[], x.change ->> 'outcome'), 0)
          THEN c.outcome ELSE coalesce(x.change ->> 'outcome', c.outcome) END
      FROM x JOIN call AS before ON before.id = x.id
      WHERE c.id = x.id
      RETURNING c.id, c.outcome, x.cause, x.ended_at,
        (before.ended_at IS NULL AND x.ended_at IS NOT NULL) AS has_ended
    ), ended AS (
      SELECT * FROM saved WHERE has_ended
    ), told AS (
      INSERT INTO outbox (name, payload, at)
      SELECT ${endedName}, jsonb_build_object(
          'callId', id, 'hangupCause', cause, 'outcome', outcome
        ), ended_at
      FROM ended
    )
    SELECT id FROM ended
  `.execute(db);
  return new Set(ended.map(({ id }) => id));
}
