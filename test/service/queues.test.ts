import t from 'tap';
import { nextDay } from '../../src/agents/acd/sessions/day.ts';
import { seedQueues } from '../../src/agents/index.ts';
import { systemClock } from '../../src/core/clock.ts';
import { newId } from '../../src/core/ids.ts';
import { until } from '../support/until.ts';
import type { DeskView } from '../../src/contract/agents/agents.ts';
import type { QueueListItem } from '../../src/contract/agents/queues.ts';
import { startApi } from '../support/api.ts';

const settings = {
  name: { 'zh-CN': '英语服务', en: 'English' },
  strategy: 'skill_level',
  skills: [],
  priority: 20,
  ageingPerMinute: 1,
  offerSec: 15,
  wrapUpSec: 30,
  maxWaitSec: 120,
  maxLength: null,
  overflow: 'message',
  announceEverySec: null,
  serviceLevelSec: 20,
  serviceLevelTarget: 80,
  isActive: true,
};

interface Answer {
  code: string;
  queueId: string;
  desk: DeskView | null;
  items: { act: string }[];
}

void t.test('queues and whoever serves them', async (t) => {
  const api = await startApi();
  t.teardown(() => api.close());
  await api.backbone.start();
  const ask = async (as: string, where: string, method = 'GET', body?: unknown) => {
    const reply = await api.request(where, {
      as,
      method,
      ...(body === undefined ? {} : { body }),
    });
    return { status: reply.status, body: reply.body as Answer };
  };
  const code = async (where: string, method: string, body?: unknown) => {
    const reply = await ask('supervisor', where, method, body);
    return reply.body.code;
  };
  const queues = async () =>
    (await ask('supervisor', '/queues')).body.items as unknown as QueueListItem[];
  const seat = async (as: string) => (await ask(as, '/agents/me')).body.desk;

  await t.test('given a supervisor, then a queue is made, changed and removed', async (t) => {
    const made = await ask('supervisor', '/queues', 'POST', {
      code: 'english',
      ...settings,
    });
    t.equal(made.status, 201, JSON.stringify(made.body));
    const { queueId } = made.body;
    t.match(
      (await queues()).find((one) => one.queueId === queueId),
      { ...settings, code: 'english', members: [] },
    );
    t.equal(await code('/queues', 'POST', { code: 'english', ...settings }), 'queue.code_taken');
    const skills = [{ skill: 'klingon', minLevel: 3 }];
    t.equal(await code(`/queues/${queueId}`, 'PATCH', { skills }), 'queue.bad_settings');
    const overflow = { queueId };
    t.equal(
      await code(`/queues/${queueId}`, 'PATCH', { overflow }),
      'queue.bad_settings',
      'a queue does not overflow into itself',
    );
    t.equal((await ask('agent1', `/queues/${queueId}`, 'PATCH', { priority: 1 })).status, 403);
    t.equal((await ask('supervisor', `/queues/${queueId}`, 'DELETE')).status, 200);
    t.notOk((await queues()).some((one) => one.queueId === queueId));
    t.equal(await code(`/queues/${queueId}`, 'DELETE'), 'queue.not_found');
    const general = (await queues()).find((one) => one.code === 'general')!;
    t.equal(await code(`/queues/${general.queueId}`, 'DELETE'), 'queue.in_use');
  });

  await t.test('given an agent at work, then new queues and skills count at once', async (t) => {
    t.equal((await ask('agent3', '/agents/me/session', 'POST', { phone: 'browser' })).status, 200);
    const before = (await seat('agent3'))!.agent;
    const { queueId } = (
      await ask('supervisor', '/queues', 'POST', {
        ...{ code: 'repairs', ...settings },
        skills: [],
      })
    ).body;
    const staffIds = [before.staffId];
    t.equal(
      (await ask('supervisor', `/queues/${queueId}/members`, 'PUT', { staffIds })).status,
      200,
    );
    const after = (await seat('agent3'))!.agent;
    t.ok(after.queueIds.includes(queueId), 'the seat serves the new queue');
    t.match((await queues()).find((one) => one.queueId === queueId)?.members, [
      { staffId: before.staffId, place: 0 },
    ]);
    const nobody = ['01930000-0000-7000-8000-000000000000'];
    t.equal(
      await code(`/queues/${queueId}/members`, 'PUT', { staffIds: nobody }),
      'queue.bad_settings',
    );
    const { body: entries } = await ask('supervisor', `/audit?subject=${queueId}`);
    t.strictSame(
      entries.items.map((one) => one.act).sort(),
      ['queue.created', 'queue.membersSet'],
      'each change is in the audit once',
    );
    const { target } = entries.items[0] as unknown as { target: unknown };
    t.match(target, { kind: 'queue', name: /[一-鿿]/ }, 'and names the queue');
  });

  await t.test('given an account that is closed, then its seat is empty', async (t) => {
    const screen = await api.listen('supervisor');
    t.equal((await ask('agent4', '/agents/me/session', 'POST', { phone: 'browser' })).status, 200);
    const id = await api.staffId('agent4');
    const { status } = await ask('admin', `/staff/${id}`, 'PATCH', { isDisabled: true });
    t.equal(status, 200);
    const gone = await until('the wall to know', () =>
      screen.messages.findLast(
        (one): one is Extract<typeof one, { type: 'agent' }> =>
          one.type === 'agent' && one.agent.staffId === id && one.agent.presence === 'offline',
      ),
    );
    t.match(gone.agent, { engagement: 'idle', callId: null, isPhoneReady: false });
  });
});

void t.test('given midnight of the organisation, then figures of today begin anew', async (t) => {
  // The clock stands five seconds before it; the wait for midnight is a real one.
  const now = new Date(nextDay(new Date()).getTime() - 5000);
  const waited = { enteredAt: new Date(now.getTime() - 60_000), leftAt: now };
  const api = await startApi({
    clock: { ...systemClock, now: () => now },
    async history(db) {
      await seedQueues(db, true);
      const queue = await db
        .selectFrom('queue')
        .select('id')
        .where('code', '=', 'general')
        .executeTakeFirstOrThrow();
      const callId = newId();
      await db
        .insertInto('call')
        .values({
          ...{ id: callId, direction: 'inbound', state: 'ended', did: '4000', estateId: null },
          ...{ callerNumber: '13700001111', switchNode: 'test', startedAt: waited.enteredAt },
        })
        .execute();
      await db
        .insertInto('queueEntry')
        .values({
          ...{ callId, queueId: queue.id, state: 'abandoned', caller: '{}', ...waited },
          ...{ answeredBy: null, callbackNumber: null },
        })
        .execute();
    },
  });
  t.teardown(() => api.close());
  await until('the caller of today to count', () =>
    api.board.snapshot().queues.some((one) => one.offeredToday === 1 && one.abandonedToday === 1),
  );
  // On a slow machine a screen is opened when the day is over already.
  const screen = await api.listen('supervisor');
  await until('the screen to begin the day', () =>
    screen.messages.some(
      (one) =>
        (one.type === 'queue' && one.queue.offeredToday === 0) ||
        (one.type === 'snapshot' && one.queues.every((queue) => queue.offeredToday === 0)),
    ),
  );
  t.ok(api.board.snapshot().queues.every((one) => one.offeredToday + one.abandonedToday === 0));
});
