import t from 'tap';
import { sql } from 'kysely';
import type { AgentReport, QueueReport } from '../../src/contract/agents/queue-reports.ts';
import type { CampaignProgress } from '../../src/contract/campaigns/results.ts';
import { publishFlows } from '../../src/content/index.ts';
import { campaignFlows, shippedFlows } from '../../src/ivr/index.ts';
import { systemClock } from '../../src/core/clock.ts';
import { newId } from '../../src/core/ids.ts';
import type { Pool } from '../../src/db/index.ts';
import {
  demoHistoryOf,
  isDemoId,
  makeDemoHistory,
  removeDemoHistory,
  renewDemoHistory,
} from '../../src/demo/index.ts';
import { hasDemoId } from '../../src/demo/demo-ids.ts';
import { seedQueues } from '../../src/agents/index.ts';
import { ensureTrunks } from '../../src/outbound/index.ts';
import { raiseForStaff } from '../../src/workorders/index.ts';
import { startApi, type TestApi } from '../support/api.ts';

/** Everything that is counted, table by table. */
const tables = [
  ...['call', 'call_leg', 'call_event', 'queue_entry', 'queue_wait', 'offer', 'engagement'],
  ...['alarm', 'work_order', 'work_order_event', 'work_order_counter', 'campaign'],
  ...['campaign_event', 'campaign_contact', 'attempt', 'outbound_message', 'payment_promise'],
  ...['debt_dispute', 'do_not_call', 'survey_answer', 'outside_call', 'bill', 'payment', 'outbox'],
] as const;

/** One of a hundred called people does it: on some days of the calendar nobody has. */
const rare: readonly string[] = ['do_not_call'];

async function countsOf(db: Pool): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const table of tables) {
    const { rows } = await sql<{ count: number }>`
      SELECT count(*)::int AS count FROM ${sql.table(table)}
    `.execute(db);
    counts[table] = rows[0]?.count ?? 0;
  }
  return counts;
}

async function open(t: { teardown(end: () => Promise<void>): void }): Promise<TestApi> {
  const api = await startApi({
    history: async (db) => {
      await publishFlows(db, [...shippedFlows, ...campaignFlows]);
      await seedQueues(db, true);
      await ensureTrunks(db, ['demo'], 'demo');
    },
  });
  t.teardown(() => api.close());
  return api;
}

void t.test(
  'six weeks of calls, orders and campaigns, that reports count as they stand',
  async (t) => {
    const api = await open(t);
    const { db } = api.database;
    const wish = { now: systemClock.now(), switchNode: 'embedded' };
    const before = await countsOf(db);
    const began = performance.now();
    const period = await makeDemoHistory(db, wish);
    t.comment(`made in ${Math.round(performance.now() - began)} ms`);
    t.same(await demoHistoryOf(db), period);
    const made = await countsOf(db);
    for (const table of tables) {
      if (table === 'outbox') t.equal(made[table], before[table], 'nobody is told of it');
      else if (!rare.includes(table)) t.ok((made[table] ?? 0) > (before[table] ?? 0), table);
    }
    t.equal(made['queue_wait'], made['queue_entry'], 'each wait is counted');

    await t.test('nothing of it stands open', async (t) => {
      const { rows } = await sql<{ open: number }>`
      SELECT (SELECT count(*) FROM call WHERE state <> 'ended')
        + (SELECT count(*) FROM queue_entry WHERE left_at IS NULL)
        + (SELECT count(*) FROM offer WHERE ended_at IS NULL)
        + (SELECT count(*) FROM engagement WHERE ended_at IS NULL)
        + (SELECT count(*) FROM alarm WHERE cleared_at IS NULL)
        + (SELECT count(*) FROM attempt WHERE state <> 'ended')
        + (SELECT count(*) FROM campaign_contact WHERE state IN ('waiting', 'dialling'))
        + (SELECT count(*) FROM outbound_message WHERE state IN ('queued', 'sending')) AS open
    `.execute(db);
      t.equal(Number(rows[0]?.open), 0);
    });

    await t.test('reports agree with the rows', async (t) => {
      const from = new Date(Date.now() - 60 * 86_400_000).toISOString();
      const { body } = await api.request(`/reports/queues?by=day&from=${from}`, {
        as: 'supervisor',
      });
      const days = (body as QueueReport).items;
      t.equal(days.length, 42);
      const waits = await db
        .selectFrom('queueWait')
        .select(['state', ({ fn }) => fn.countAll<number>().as('count')])
        .groupBy('state')
        .execute();
      for (const state of ['answered', 'abandoned'] as const) {
        const counted = days.reduce((sum, one) => sum + one[state], 0);
        t.equal(counted, waits.find((one) => one.state === state)?.count, state);
      }
      t.ok(days.every(({ averageTalkSec }) => averageTalkSec === null || averageTalkSec > 30));
      const { body: people } = await api.request(`/reports/agents?from=${from}`, {
        as: 'supervisor',
      });
      const agents = (people as AgentReport).items;
      t.equal(agents.length, 6, 'everybody has worked');
      t.equal(
        agents.reduce((sum, { answered }) => sum + answered, 0),
        (await db.selectFrom('offer').select('id').where('result', '=', 'accepted').execute())
          .length,
      );
      const { body: rated } = await api.request(`/reports/satisfaction?by=agent&from=${from}`, {
        as: 'supervisor',
      });
      const ratings = await db
        .selectFrom('surveyAnswer')
        .select('id')
        .where('survey', '=', 'service')
        .execute();
      const { items } = rated as { items: { marks: number }[] };
      t.equal(
        items.reduce((sum, { marks }) => sum + marks, 0),
        ratings.length,
      );
    });

    await t.test('lists show it, newest first, and pages of it open', async (t) => {
      const { body: calls } = await api.request('/calls?limit=100', { as: 'supervisor' });
      const { items } = calls as { items: { id: string; startedAt: string }[] };
      t.equal(items.length, 100);
      const times = items.map(({ startedAt }) => startedAt);
      t.same(times, [...times].sort().reverse());
      for (const { id } of items.slice(0, 12)) {
        const { status, body } = await api.request(`/calls/${id}`, { as: 'supervisor' });
        t.equal(status, 200);
        t.ok((body as { events: unknown[] }).events.length > 0);
      }
      const { body: orders } = await api.request('/work-orders?limit=20', { as: 'supervisor' });
      for (const { number } of (orders as { items: { number: string }[] }).items) {
        t.equal((await api.request(`/work-orders/${number}`, { as: 'agent1' })).status, 200);
      }
      const campaigns = await db.selectFrom('campaign').selectAll().execute();
      t.equal(campaigns.length, 4);
      for (const { id } of campaigns) {
        const { body } = await api.request(`/campaigns/${id}/progress`, { as: 'supervisor' });
        const progress = body as CampaignProgress;
        t.ok(progress.answered > 0 && progress.attempts > progress.answered);
        for (const part of ['contacts', 'attempts', 'results?by=hour']) {
          const { status } = await api.request(`/campaigns/${id}/${part}`, { as: 'supervisor' });
          t.equal(status, 200, part);
        }
      }
    });

    await t.test('a start after it makes no second one', async (t) => {
      t.equal(await makeDemoHistory(db, wish), undefined);
      t.same(await countsOf(db), made);
    });

    await t.test('it goes away, and what is somebody’s own stays', async (t) => {
      const { id: callId } = await db
        .selectFrom('call')
        .select('id')
        .orderBy('id', 'desc')
        .limit(1)
        .executeTakeFirstOrThrow();
      const own = await raiseForStaff(
        db,
        systemClock,
        { kind: 'repair', category: 'water', summary: '真实的工单', callId },
        'system',
      );
      const { number } = await db
        .selectFrom('workOrder')
        .select('number')
        .where('state', '=', 'in_progress')
        .limit(1)
        .executeTakeFirstOrThrow();
      const noted = await api.request(`/work-orders/${number}/notes`, {
        ...{ as: 'agent1', method: 'POST', body: { note: '到现场看过' } },
      });
      t.equal(noted.status, 201, 'orders of the demo are worked on like others');
      const callOfOurs = newId();
      await db
        .insertInto('call')
        .values({
          ...{ id: callOfOurs, direction: 'inbound', state: 'ended', did: '4000' },
          ...{ callerNumber: '13800000001', switchNode: 'embedded', startedAt: new Date() },
          ...{ endedAt: new Date() },
        })
        .execute();
      const removed = await removeDemoHistory(db);
      t.ok(removed.calls > 1000 && removed.orders > 500 && removed.campaigns === 4);
      const after = await countsOf(db);
      for (const table of tables) {
        const kept = { call: 1, work_order: 1, work_order_event: 1, work_order_counter: 1 };
        const more = (kept as Record<string, number>)[table] ?? 0;
        if (table !== 'outbox') t.equal(after[table], (before[table] ?? 0) + more, table);
      }
      const kept = await db
        .selectFrom('workOrder')
        .select(['number', 'callId'])
        .where('id', '=', own.id)
        .executeTakeFirstOrThrow();
      t.same(kept, { number: own.number, callId: null });
      t.equal(await demoHistoryOf(db), undefined);
      t.same(await removeDemoHistory(db), { calls: 0, orders: 0, campaigns: 0 }, 'again');
      t.equal(await makeDemoHistory(db, wish), undefined, 'no start brings it back');
      t.equal((await countsOf(db))['call'], 1);
    });

    await t.test('it is made anew by hand, beside what is real', async (t) => {
      const again = await renewDemoHistory(db, wish);
      t.same(again, period);
      const counts = await countsOf(db);
      t.equal(counts['call'], (made['call'] ?? 0) + 1);
      await renewDemoHistory(db, wish);
      t.same(await countsOf(db), counts, 'twice is once');
      const { rows } = await sql<{ id: string }>`
      SELECT id FROM call WHERE NOT ${hasDemoId('id')}
    `.execute(db);
      t.equal(rows.length, 1);
      t.ok(rows.every(({ id }) => !isDemoId(id)));
    });
  },
);

void t.test('an installation where something has happened is given no made-up past', async (t) => {
  const api = await open(t);
  const { db } = api.database;
  await api.request('/work-orders', {
    ...{ as: 'agent1', method: 'POST' },
    body: {
      ...{ kind: 'repair', category: 'water', summary: '真实的工单' },
      estateId: (await db.selectFrom('estate').select('id').limit(1).executeTakeFirstOrThrow()).id,
    },
  });
  const wish = { now: systemClock.now(), switchNode: 'embedded' };
  t.equal(await makeDemoHistory(db, wish), undefined);
  t.equal((await countsOf(db))['call'], 0);
  t.equal((await countsOf(db))['work_order'], 1);
});
