import t from 'tap';
import type { AgentReport, QueueReport } from '../../src/contract/agents/queue-reports.ts';
import { loadHandleTimes, measureHandling } from '../../src/agents/acd/queues/handle-times.ts';
import { createQueueStore } from '../../src/agents/acd/queues/queue-store.ts';
import { newId } from '../../src/core/ids.ts';
import type { Pool } from '../../src/db/index.ts';
import { startApi } from '../support/api.ts';

const at = (text: string) => new Date(`${text}+08:00`);
const later = (time: Date, sec: number) => new Date(time.getTime() + sec * 1000);

interface Wait {
  did: string;
  estate: string | null;
  enteredAt: Date;
  waitedSec: number | null;
  state: 'answered' | 'abandoned' | 'callback' | 'overflowed' | 'waiting';
  /** Of the agent who answered. */
  talkSec?: number;
  direction?: 'inbound' | 'outbound';
}

void t.test('reports on queues and agents', async (t) => {
  const api = await startApi();
  t.teardown(() => api.close());
  const { db } = api.database;
  const { id: queueId } = await db
    .selectFrom('queue')
    .select('id')
    .where('code', '=', 'general')
    .executeTakeFirstOrThrow();
  const estates = await db.selectFrom('estate').select('id').orderBy('code').execute();
  const [first = '', second = ''] = estates.map(({ id }) => id);
  const agent = await api.staffId('agent1');
  const write = async ({ did, estate, enteredAt, waitedSec, state, ...more }: Wait) => {
    const callId = newId();
    const leftAt = waitedSec === null ? null : later(enteredAt, waitedSec);
    await db
      .insertInto('call')
      .values({
        ...{ id: callId, did, estateId: estate, state: 'ended', switchNode: 'embedded' },
        ...{ direction: more.direction ?? 'inbound', callerNumber: '13800000001' },
        ...{ startedAt: enteredAt, endedAt: leftAt },
      })
      .execute();
    await db
      .insertInto('queueEntry')
      .values({ callId, queueId, state, caller: '{}', enteredAt, leftAt })
      .execute();
    if (state === 'answered') await talk(db, { callId, since: leftAt ?? enteredAt, ...more });
  };
  const talk = async (
    into: Pool,
    { callId, since, talkSec = 60 }: { callId: string; since: Date; talkSec?: number },
  ) => {
    await into
      .insertInto('offer')
      .values([
        {
          ...{ id: newId(), callId, staffId: agent, queueId, kind: 'queue', legId: null },
          ...{ fromStaffId: null, madeAt: since, expiresAt: since, result: 'accepted' },
        },
      ])
      .execute();
    await into
      .insertInto('engagement')
      .values({
        ...{ id: newId(), callId, staffId: agent, queueId, legId: newId(), talkSince: since },
        ...{ talkUntil: later(since, talkSec), endedAt: later(since, talkSec + 30) },
        ...{ wrapUpEndsAt: null, reasonCode: null, nextContactAt: null },
      })
      .execute();
  };
  const morning = at('2026-11-25T09:10:00');
  const waits: Wait[] = [
    { did: '4000', estate: first, enteredAt: morning, waitedSec: 10, state: 'answered' },
    { did: '4000', estate: first, enteredAt: later(morning, 60), waitedSec: 50, state: 'answered' },
    { did: '4000', estate: first, enteredAt: later(morning, 90), waitedSec: 3, state: 'abandoned' },
    { did: '4000', estate: first, enteredAt: morning, waitedSec: 90, state: 'abandoned' },
    { did: '4000', estate: first, enteredAt: morning, waitedSec: 600, state: 'overflowed' },
    { did: '4000', estate: first, enteredAt: morning, waitedSec: null, state: 'waiting' },
    {
      ...{ did: '4100', estate: second, enteredAt: at('2026-11-25T23:59:50'), waitedSec: 12 },
      ...{ state: 'answered', talkSec: 120 },
    },
    { did: '4100', estate: second, enteredAt: morning, waitedSec: null, state: 'callback' },
    {
      ...{ did: '4000', estate: first, enteredAt: morning, waitedSec: 1, state: 'answered' },
      ...{ direction: 'outbound' },
    },
  ];
  for (const one of waits) await write(one);
  const period = 'from=2026-11-25T00:00:00%2B08:00&to=2026-11-26T00:00:00%2B08:00';
  const queues = async (by: string, as = 'supervisor') => {
    const { status, body } = await api.request(`/reports/queues?by=${by}&${period}`, { as });
    t.equal(status, 200);
    return (body as QueueReport).items;
  };

  await t.test('given hotlines of one pool, then each has its own figures', async (t) => {
    const items = await queues('hotline');
    t.strictSame(items, [
      {
        ...{ key: '4000', offered: 4, waiting: 1, answered: 2, abandoned: 2, abandonedShort: 1 },
        ...{ callback: 0, overflowed: 1, averageWaitSec: 30, longestWaitSec: 600 },
        ...{ averageTalkSec: 60, serviceLevel: 33.3 },
      },
      {
        ...{ key: '4100', offered: 2, waiting: 0, answered: 1, abandoned: 0, abandonedShort: 0 },
        ...{ callback: 1, overflowed: 0, averageWaitSec: 12, longestWaitSec: 12 },
        ...{ averageTalkSec: 120, serviceLevel: 50 },
      },
    ]);
    const sites = await queues('site');
    t.strictSame(
      Object.fromEntries(sites.map(({ key, offered }) => [key, offered])),
      { [first]: 4, [second]: 2 },
      'and each estate',
    );
  });

  await t.test('given hours and days, then they are those of Shanghai', async (t) => {
    t.strictSame(
      (await queues('hour')).map(({ key, offered }) => [key, offered]),
      [
        ['09', 5],
        ['23', 1],
      ],
    );
    t.strictSame(
      (await queues('day')).map(({ key, offered }) => [key, offered]),
      [['2026-11-25', 6]],
    );
    t.strictSame(
      (await queues('queue')).map(({ key }) => key),
      [queueId],
    );
  });

  await t.test('given an agent, then what they were offered, took and missed', async (t) => {
    const missed = await db.selectFrom('call').select('id').limit(1).executeTakeFirstOrThrow();
    await db
      .insertInto('offer')
      .values({
        ...{ id: newId(), callId: missed.id, staffId: agent, queueId, kind: 'queue', legId: null },
        ...{ fromStaffId: null, madeAt: morning, expiresAt: morning, result: 'no_answer' },
      })
      .execute();
    // Two that were taken back, and one that still rings: it is counted when it is known what came of it.
    for (const result of ['withdrawn', 'withdrawn', null] as const) {
      await db
        .insertInto('offer')
        .values({
          ...{
            id: newId(),
            callId: missed.id,
            staffId: agent,
            queueId,
            kind: 'queue',
            legId: null,
          },
          ...{ fromStaffId: null, madeAt: morning, expiresAt: morning, result },
        })
        .execute();
    }
    const { body } = await api.request(`/reports/agents?${period}`, { as: 'supervisor' });
    const [row, ...others] = (body as AgentReport).items;
    t.match(row, {
      ...{ key: agent, offered: 6, answered: 3, missed: 1, withdrawn: 2, talks: 3 },
      ...{ talkSec: 180, averageTalkSec: 60, averageWrapUpSec: 30 },
    });
    t.strictSame(others, []);
  });

  await t.test('given staff of one site, then only its calls; agents may not look', async (t) => {
    const staffId = await api.staffId('supervisor');
    await db.insertInto('staffSite').values({ staffId, estateId: second }).execute();
    t.strictSame(
      (await queues('hotline')).map(({ key }) => key),
      ['4100'],
    );
    const refused = await api.request(`/reports/queues?by=day&${period}`, { as: 'agent1' });
    t.equal(refused.status, 403);
    const bad = await api.request('/reports/queues?by=moon', { as: 'admin' });
    t.equal(bad.status, 400);
  });

  await t.test(
    'given calls that took long, then the spoken wait of their queue is longer, also after a restart',
    async (t) => {
      let now = at('2026-12-24T10:00:00');
      const clock = { now: () => now };
      const { settings } = await db
        .selectFrom('queue')
        .select('settings')
        .where('id', '=', queueId)
        .executeTakeFirstOrThrow();
      const [slow, quiet] = [newId(), newId()];
      await db
        .insertInto('queue')
        .values(
          [slow, quiet].map((id, n) => ({
            id,
            code: `slow${n}`,
            settings: JSON.stringify(settings),
          })),
        )
        .execute();
      const { handleTimes, engagements } = measureHandling(db, clock);
      await loadHandleTimes(db, clock, handleTimes);
      const guess = handleTimes.averageSec(slow);
      const callId = newId();
      await db
        .insertInto('call')
        .values({
          ...{ id: callId, did: '4000', estateId: first, state: 'ended', switchNode: 'embedded' },
          ...{ direction: 'inbound', callerNumber: '13800000001', startedAt: now },
        })
        .execute();
      await engagements.begin({ callId, staffId: agent, queueId: slow, legId: newId() });
      now = later(now, 1200);
      await engagements.talked(callId, agent, null);
      now = later(now, 240);
      t.ok(await engagements.end(callId, agent));
      const measured = handleTimes.averageSec(slow);
      t.equal(measured, (5 * guess + 1440) / 6, 'talk and wrap-up count');
      t.equal(handleTimes.averageSec(quiet), guess, 'of that queue alone');
      const again = measureHandling(db, clock);
      await loadHandleTimes(db, clock, again.handleTimes);
      t.equal(again.handleTimes.averageSec(slow), measured, 'the next process knows it, too');
      await db.deleteFrom('engagement').where('callId', '=', callId).execute();
    },
  );

  await t.test(
    'given callers who are moved and sent on, then each queue has its own waits',
    async (t) => {
      const { settings } = await db
        .selectFrom('queue')
        .select('settings')
        .where('id', '=', queueId)
        .executeTakeFirstOrThrow();
      const other = newId();
      await db
        .insertInto('queue')
        .values({ id: other, code: 'other', settings: JSON.stringify(settings) })
        .execute();
      let now = at('2026-11-26T10:00:00');
      const clock = { now: () => now };
      const store = createQueueStore(db, clock);
      const ring = async (startedAt: Date) => {
        const callId = newId();
        await db
          .insertInto('call')
          .values({
            ...{ id: callId, did: '4000', estateId: first, state: 'ended', switchNode: 'embedded' },
            ...{ direction: 'inbound', callerNumber: '13800000001', startedAt },
          })
          .execute();
        return callId;
      };
      const enter = (callId: string, into: string, enteredAt = now.getTime()) =>
        store.enter({
          ...{ callId, queueId: into, enteredAt, waitingSince: enteredAt, priority: 0 },
          ...{ isEmergency: false, isVip: false, preferred: [], resting: [], siteId: null },
          ...{ isAdmitted: true, visited: [], isVirtual: false },
        });
      const moved = await ring(now);
      await enter(moved, queueId);
      now = at('2026-11-26T10:00:30');
      await enter(moved, other);
      now = at('2026-11-26T10:00:35');
      await store.leave(moved, 'answered', agent);
      now = at('2026-11-26T11:00:00');
      const sent = await ring(now);
      await enter(sent, queueId);
      now = at('2026-11-26T11:00:03');
      await store.leave(sent, 'answered', agent);
      await talk(db, { callId: sent, since: now, talkSec: 60 });
      now = at('2026-11-26T11:01:03');
      await enter(sent, other, at('2026-11-26T11:00:00').getTime());
      now = at('2026-11-26T11:01:07');
      await store.leave(sent, 'answered', agent);
      await talk(db, { callId: sent, since: now, talkSec: 120 });
      const day = 'from=2026-11-26T00:00:00%2B08:00&to=2026-11-27T00:00:00%2B08:00';
      const report = async (by: string) =>
        (
          (await api.request(`/reports/queues?by=${by}&${day}`, { as: 'admin' }))
            .body as QueueReport
        ).items;
      const items = await report('queue');
      t.match(
        items.find(({ key }) => key === queueId),
        { offered: 1, answered: 1, overflowed: 1, averageWaitSec: 3, longestWaitSec: 30 },
      );
      t.match(
        items.find(({ key }) => key === other),
        { offered: 2, answered: 2, averageWaitSec: 5, longestWaitSec: 5, serviceLevel: 100 },
      );
      t.match(
        (await report('hour')).find(({ key }) => key === '11'),
        { answered: 2, averageTalkSec: 90 },
      );
    },
  );
});
