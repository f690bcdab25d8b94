import type { ResultGroup } from '../../contract/codes.ts';
import { sql } from 'kysely';
import type { CampaignProgress } from '../../contract/campaigns/results.ts';
import type { Clock } from '../../core/clock.ts';
import { messageOf } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import {
  emit,
  inScope,
  narrowedBy,
  Scope,
  type Db,
  type Pool,
  type Readable,
} from '../../db/index.ts';

type Counts = Record<string, number>;

/** Where a campaign stands, counted from the rows. */
export async function progressOf(
  scope: Scope,
  given: Readable,
  campaignId: string,
): Promise<CampaignProgress> {
  const db = narrowedBy(scope, given);
  const campaign = await inScope(db, scope, 'campaign')
    .select(['state'])
    .where('id', '=', campaignId)
    .executeTakeFirstOrThrow();
  const contacts = await db
    .selectFrom('campaignContact')
    .select(['state', 'refusal', ({ fn }) => fn.countAll<number>().as('count')])
    .where('campaignId', '=', campaignId)
    .groupBy(['state', 'refusal'])
    .execute();
  const attempts = await db
    .selectFrom('attempt')
    .select([
      'state',
      'result',
      sql<boolean>`answered_at IS NOT NULL`.as('isAnswered'),
      ({ fn }) => fn.countAll<number>().as('count'),
    ])
    .where('campaignId', '=', campaignId)
    .groupBy(['state', 'result', sql`answered_at IS NOT NULL`])
    .execute();
  const sum = (rows: readonly { count: number }[]) => rows.reduce((all, one) => all + one.count, 0);
  return {
    campaignId,
    state: campaign.state,
    contacts: tally(contacts, (row) => row.state),
    refusals: tally(contacts, (row) => row.refusal),
    results: tally(
      attempts.filter((row) => row.state === 'ended'),
      (row) => row.result,
    ),
    attempts: sum(attempts),
    answered: sum(attempts.filter((row) => row.isAnswered)),
    lines: sum(attempts.filter((row) => row.state !== 'ended')),
    abandoned: sum(attempts.filter((row) => row.result === 'abandoned')),
    messages: await messagesOf(db, campaignId),
    ...(await moneyOf(db, campaignId)),
  };
}

function messagesOf(db: Db, campaignId: string): Promise<CampaignProgress['messages']> {
  return db
    .selectFrom('outboundMessage')
    .select(['channel', 'state', 'reason', ({ fn }) => fn.countAll<number>().as('count')])
    .where('campaignId', '=', campaignId)
    .groupBy(['channel', 'state', 'reason'])
    .orderBy('channel')
    .orderBy('state')
    .execute();
}

/** H3: promised on the line, and paid by the home after somebody there was spoken to. */
async function moneyOf(
  db: Db,
  campaignId: string,
): Promise<{ promisedFen: number; paidFen: number }> {
  const promised = await db
    .selectFrom('paymentPromise')
    .select(sql<number>`coalesce(sum(owed_fen), 0)::bigint`.as('fen'))
    .where('campaignId', '=', campaignId)
    .executeTakeFirstOrThrow();
  const paid = await sql<{ fen: number }>`
    SELECT coalesce(sum(p.amount_fen), 0)::bigint AS fen
    FROM payment p JOIN bill b ON b.id = p.bill_id
    WHERE p.paid_at > (
      SELECT min(a.answered_at) FROM attempt a
      WHERE a.campaign_id = ${campaignId} AND a.room_id = b.room_id AND a.is_effective
    )
  `.execute(db);
  return { promisedFen: promised.fen, paidFen: paid.rows[0]?.fen ?? 0 };
}

/** Reached and not, by building, by local hour of the attempt, or by estate. */
export async function resultsBy(
  scope: Scope,
  given: Readable,
  campaignId: string,
  by: ResultGroup,
): Promise<{ key: string; counts: Counts }[]> {
  const db = narrowedBy(scope, given);
  const rows =
    by === 'hour'
      ? await sql<{ key: string; value: string; count: number }>`
          SELECT to_char(a.created_at AT TIME ZONE c.time_zone, 'YYYY-MM-DD HH24') AS key,
            coalesce(a.result, a.state) AS value, count(*) AS count
          FROM attempt a JOIN campaign_contact c ON c.id = a.contact_id
          WHERE a.campaign_id = ${campaignId} GROUP BY 1, 2 ORDER BY 1
        `.execute(db)
      : await sql<{ key: string; value: string; count: number }>`
          SELECT coalesce(e.name || ${by === 'building' ? sql`' ' || b.number || '栋'` : sql`''`}, '')
            AS key, c.state AS value, count(DISTINCT coalesce(r.id, c.id)) AS count
          FROM campaign_contact c
          LEFT JOIN LATERAL jsonb_array_elements_text(c.covered_room_ids) covered(id) ON true
          LEFT JOIN room r ON r.id = covered.id::uuid
          LEFT JOIN unit u ON u.id = r.unit_id
          LEFT JOIN building b ON b.id = u.building_id
          LEFT JOIN estate e ON e.id = r.estate_id
          WHERE c.campaign_id = ${campaignId} GROUP BY 1, 2 ORDER BY 1
        `.execute(db);
  const found = new Map<string, Counts>();
  for (const { key, value, count } of rows.rows) {
    const counts = found.get(key) ?? {};
    counts[value] = (counts[value] ?? 0) + count;
    found.set(key, counts);
  }
  return [...found].map(([key, counts]) => ({ key, counts }));
}

const tellEveryMs = 1000;
/** Counting a hundred thousand people takes a while: a fiftieth of the time goes there at most. */
const restPerCount = 50;
const slowestMs = 10_000;

/** Tells screens where campaigns stand, at most once a second each, large ones less often. */
export class ProgressTeller {
  readonly #parts: { db: Pool; clock: Clock; log: Log };
  readonly #timers = new Map<string, NodeJS.Timeout>();
  /** What the last count took, by campaign. */
  readonly #tookMs = new Map<string, number>();

  constructor(parts: { db: Pool; clock: Clock; log: Log }) {
    this.#parts = parts;
  }

  changed(campaignId: string): void {
    if (this.#timers.has(campaignId)) return;
    const restMs = restPerCount * (this.#tookMs.get(campaignId) ?? 0);
    const timer = setTimeout(
      () => {
        this.#timers.delete(campaignId);
        void this.#tell(campaignId);
      },
      Math.min(slowestMs, Math.max(tellEveryMs, restMs)),
    );
    timer.unref();
    this.#timers.set(campaignId, timer);
  }

  stop(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }

  #note(campaignId: string, state: string, tookMs: number): void {
    if (state === 'running') this.#tookMs.set(campaignId, tookMs);
    else this.#tookMs.delete(campaignId);
  }

  async #tell(campaignId: string): Promise<void> {
    const { db, clock, log } = this.#parts;
    const began = performance.now();
    try {
      const { state, contacts, results, lines } = await progressOf(
        Scope.everything('screens narrow what they are shown'),
        db,
        campaignId,
      );
      this.#note(campaignId, state, performance.now() - began);
      await emit(db, 'campaign.progressed', { campaignId, contacts, results, lines }, clock.now());
    } catch (error) {
      log.debug({ reason: messageOf(error), campaignId }, 'progress of a call not published');
    }
  }
}

function tally<Row extends { count: number }>(
  rows: readonly Row[],
  keyOf: (row: Row) => string | null,
): Counts {
  const counts: Counts = {};
  for (const row of rows) {
    const key = keyOf(row);
    if (key !== null) counts[key] = (counts[key] ?? 0) + row.count;
  }
  return counts;
}
