import type { QueueReportGroup } from '../contract/codes.ts';
import { sql, type RawBuilder } from 'kysely';
import { serviceLevel, shortAbandonMs } from '../agents/index.ts';
import { callInSites, narrowedBy, type Readable, type Scope } from '../db/index.ts';
import type { AgentReport, QueueReport } from '../contract/agents/queue-reports.ts';
import type { Period } from './period.ts';

const keys: Readonly<Record<QueueReportGroup, RawBuilder<string>>> = {
  queue: sql`wait.queue_id::text`,
  hotline: sql`call.did`,
  site: sql`coalesce(call.estate_id::text, '')`,
  day: sql`to_char(wait.entered_at AT TIME ZONE coalesce(estate.time_zone, 'Asia/Shanghai'), 'YYYY-MM-DD')`,
  hour: sql`to_char(wait.entered_at AT TIME ZONE coalesce(estate.time_zone, 'Asia/Shanghai'), 'HH24')`,
};

interface WaitRow {
  key: string;
  offered: number;
  waiting: number;
  answered: number;
  answeredWithin: number;
  abandoned: number;
  abandonedShort: number;
  callback: number;
  overflowed: number;
  averageWaitSec: number | null;
  longestWaitSec: number | null;
  averageTalkSec: number | null;
}

/** Callers who waited. Only calls that came in. */
export async function queueFigures(
  scope: Scope,
  db: Readable,
  by: keyof typeof keys,
  { from, to }: Period,
): Promise<QueueReport['items']> {
  const { rows } = await sql<WaitRow>`
    WITH one AS (
      SELECT ${keys[by]} AS key, wait.state, talk.ms AS talk_ms,
        extract(epoch FROM wait.left_at - wait.entered_at) * 1000 AS ms,
        coalesce((queue.settings ->> 'serviceLevelSec')::int, 15) * 1000 AS limit_ms
      FROM (
        -- A caller who comes back to a queue is one caller of it: see countedWait in agents/acd/routing.
        SELECT DISTINCT ON (call_id, queue_id) * FROM (
        SELECT *, lead(entered_at) OVER (PARTITION BY call_id ORDER BY id) AS next_at FROM queue_wait
        WHERE entered_at >= ${from} AND entered_at < ${to}
        ) AS each
        ORDER BY call_id, queue_id, (state = 'answered') DESC, (state <> 'overflowed') DESC,
          CASE WHEN state = 'answered' THEN entered_at END, entered_at DESC, id DESC
      ) AS wait
      JOIN call ON call.id = wait.call_id
      JOIN queue ON queue.id = wait.queue_id
      LEFT JOIN estate ON estate.id = call.estate_id
      LEFT JOIN LATERAL (
        SELECT sum(extract(epoch FROM engagement.talk_until - engagement.talk_since)) * 1000 AS ms
        FROM engagement
        -- Of this wait, not of one before it or after it.
        WHERE engagement.call_id = wait.call_id
          AND engagement.talk_since >= wait.left_at - interval '5 seconds'
          AND (wait.next_at IS NULL OR engagement.talk_since < wait.next_at)
      ) AS talk ON true
      WHERE call.direction = 'inbound' AND ${callInSites(scope.sites)}
    )
    SELECT key,
      count(*) FILTER (WHERE state NOT IN ('overflowed', 'waiting'))::int AS "offered",
      count(*) FILTER (WHERE state = 'waiting')::int AS "waiting",
      count(*) FILTER (WHERE state = 'answered')::int AS "answered",
      count(*) FILTER (WHERE state = 'answered' AND ms <= limit_ms)::int AS "answeredWithin",
      count(*) FILTER (WHERE state = 'abandoned')::int AS "abandoned",
      count(*) FILTER (WHERE state = 'abandoned' AND ms < ${shortAbandonMs})::int AS "abandonedShort",
      count(*) FILTER (WHERE state = 'callback')::int AS "callback",
      count(*) FILTER (WHERE state = 'overflowed')::int AS "overflowed",
      round(avg(ms) FILTER (WHERE state = 'answered') / 1000)::int AS "averageWaitSec",
      round(max(ms) / 1000)::int AS "longestWaitSec",
      round(avg(talk_ms) FILTER (WHERE state = 'answered') / 1000)::int AS "averageTalkSec"
    FROM one GROUP BY key ORDER BY key`.execute(narrowedBy(scope, db));
  return rows.map(({ answeredWithin, ...row }) => {
    const level = serviceLevel({ ...row, answeredWithin, abandonedWithin: 0, callbackWithin: 0 });
    return { ...row, serviceLevel: level === null ? null : Math.floor(level * 10) / 10 };
  });
}

/** The people who answered them. */
export async function agentFigures(
  scope: Scope,
  db: Readable,
  { from, to }: Period,
): Promise<AgentReport['items']> {
  const { rows } = await sql<AgentReport['items'][number]>`
    WITH rung AS (
      SELECT offer.staff_id, count(*) FILTER (WHERE offer.result IS NOT NULL)::int AS offered,
        count(*) FILTER (WHERE offer.result = 'accepted')::int AS answered,
        count(*) FILTER (WHERE offer.result IN ('declined', 'no_answer', 'unreachable'))::int AS missed,
        count(*) FILTER (WHERE offer.result = 'withdrawn')::int AS withdrawn
      FROM offer JOIN call ON call.id = offer.call_id
      WHERE offer.made_at >= ${from} AND offer.made_at < ${to} AND ${callInSites(scope.sites)}
      GROUP BY offer.staff_id
    ), talked AS (
      SELECT engagement.staff_id, count(*)::int AS talks,
        coalesce(sum(extract(epoch FROM talk_until - talk_since)), 0) AS talk_sec,
        avg(extract(epoch FROM talk_until - talk_since)) AS average_talk,
        avg(extract(epoch FROM engagement.ended_at - talk_until)) AS average_wrap_up
      FROM engagement JOIN call ON call.id = engagement.call_id
      WHERE talk_since >= ${from} AND talk_since < ${to} AND ${callInSites(scope.sites)}
      GROUP BY engagement.staff_id
    )
    SELECT staff.id AS "key", staff.display_name AS "name",
      coalesce(rung.offered, 0) AS "offered", coalesce(rung.answered, 0) AS "answered",
      coalesce(rung.missed, 0) AS "missed", coalesce(rung.withdrawn, 0) AS "withdrawn",
      coalesce(talked.talks, 0) AS "talks",
      round(coalesce(talked.talk_sec, 0))::int AS "talkSec",
      round(talked.average_talk)::int AS "averageTalkSec",
      round(talked.average_wrap_up)::int AS "averageWrapUpSec"
    FROM staff
    LEFT JOIN rung ON rung.staff_id = staff.id
    LEFT JOIN talked ON talked.staff_id = staff.id
    WHERE rung.staff_id IS NOT NULL OR talked.staff_id IS NOT NULL
    ORDER BY staff.display_name`.execute(narrowedBy(scope, db));
  return rows;
}
