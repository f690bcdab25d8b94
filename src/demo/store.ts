import { sql } from 'kysely';
import type { Db, Pool } from '../db/index.ts';
import { historyOf, yesterday } from './calendar.ts';
import { makeHistory } from './history.ts';
import { readGraph } from './read-graph.ts';
import { removeRows, type Removed } from './remove-rows.ts';
import { writeRows } from './write-rows.ts';

/** In `meta`: that it was made, and over which days; `null` once it was thrown away, or was not wanted. */
const key = 'demo.history';

/** The days that are made up, the first and the last one. */
export interface HistoryPeriod {
  from: string;
  to: string;
}

export interface HistoryWish {
  now: Date;
  switchNode: string;
  seed?: string;
}

const usualSeed = 'lingting';

/**
 * Makes the demo history once, in one transaction; undefined when that was done before, or when anything real has
 * happened here: made-up calls never stand among somebody's own unless they ask for it.
 */
export async function makeDemoHistory(
  db: Pool,
  wish: HistoryWish,
): Promise<HistoryPeriod | undefined> {
  const made = await db.transaction().execute(async (trx) => {
    const isFirst = await trx
      .insertInto('meta')
      .values({ key, value: 'null' })
      .onConflict((conflict) => conflict.column('key').doNothing())
      .returning('key')
      .executeTakeFirst();
    if (isFirst === undefined || (await hasPast(trx))) return undefined;
    return write(trx, wish);
  });
  if (made !== undefined) await analyze(db);
  return made;
}

/** Makes it anew, up to yesterday, beside whatever else is there; the former one is thrown away. */
export async function renewDemoHistory(
  db: Pool,
  wish: HistoryWish,
): Promise<HistoryPeriod | undefined> {
  const made = await db.transaction().execute(async (trx) => {
    // Nothing is thrown away where nothing can be made.
    if ((await readGraph(trx, wish.switchNode)) === undefined) return undefined;
    await removeRows(trx);
    return write(trx, wish);
  });
  await analyze(db);
  return made;
}

/** Throws all of it away, and nothing else; no start makes it again. Resolves with how much there was. */
export function removeDemoHistory(db: Pool): Promise<Removed> {
  return db.transaction().execute(async (trx) => {
    const removed = await removeRows(trx);
    await keep(trx, undefined);
    return removed;
  });
}

/** Which days are made up; undefined when none are. */
export async function demoHistoryOf(db: Db): Promise<HistoryPeriod | undefined> {
  const row = await db.selectFrom('meta').select('value').where('key', '=', key).executeTakeFirst();
  const period = JSON.parse(row?.value ?? 'null') as HistoryPeriod | null;
  return period ?? undefined;
}

async function write(
  trx: Db,
  { now, switchNode, seed = usualSeed }: HistoryWish,
): Promise<HistoryPeriod | undefined> {
  const graph = await readGraph(trx, switchNode);
  const timeZone = graph?.estates[0]?.timeZone;
  if (graph === undefined || timeZone === undefined) {
    await keep(trx, undefined);
    return undefined;
  }
  const to = yesterday(now, timeZone);
  await writeRows(trx, makeHistory(graph, { seed, lastDay: to }));
  const period = { from: historyOf(to, timeZone)[0]?.date ?? to, to };
  await keep(trx, period);
  return period;
}

async function keep(trx: Db, period: HistoryPeriod | undefined): Promise<void> {
  const value = JSON.stringify(period ?? null);
  await trx
    .insertInto('meta')
    .values({ key, value })
    .onConflict((conflict) => conflict.column('key').doUpdateSet({ value }))
    .execute();
}

async function hasPast(trx: Db): Promise<boolean> {
  const { rows } = await sql<{ found: boolean }>`
    SELECT EXISTS (SELECT 1 FROM call) OR EXISTS (SELECT 1 FROM work_order)
      OR EXISTS (SELECT 1 FROM campaign) AS found
  `.execute(trx);
  return rows[0]?.found === true;
}

/** Postgres plans for tables that were empty a moment ago. */
async function analyze(db: Pool): Promise<void> {
  await sql`
    ANALYZE call, call_leg, call_event, queue_entry, queue_wait, offer, engagement, work_order,
      work_order_event, survey_answer, attempt, campaign_contact
  `.execute(db);
}
