import t from 'tap';
import { systemClock as clock } from '../../src/core/clock.ts';
import { newId } from '../../src/core/ids.ts';
import { silentLog } from '../../src/core/log.ts';
import { allowedKinds, Dialling, type Spend } from '../../src/dialling/index.ts';
import { seedDemoStaff } from '../../src/organisation/index.ts';
import { createTestDatabase } from '../support/database.ts';
import { openPolicy } from '../support/open-policy.ts';
import { until } from '../support/until.ts';

void t.test('what is dialled is counted, limited, and told when it costs too much', async (t) => {
  const database = await createTestDatabase();
  const { db } = database;
  t.teardown(() => database.drop());
  await seedDemoStaff(db, 'a-test-password');
  const staff = await db.selectFrom('staff').select(['id', 'username']).execute();
  const idOf = (who: string) => staff.find(({ username }) => username === who)?.id ?? '';
  const dialling = new Dialling({
    ...{ db, clock, log: silentLog() },
    policy: { allowed: allowedKinds, mostPerAgent: 3, mostPerNumber: 2, mostPerDay: 5 },
    spendAlarm: { callsPerHour: 4, minutesPerHour: 100 },
  });
  const spent: Spend[] = [];
  dialling.onSpend = (spend) => spent.push(spend);
  const dial = (who: string, number: string, purpose: 'agent' | 'duty' = 'agent') =>
    dialling.permit({ number, purpose, callId: newId(), staffId: idOf(who) });

  t.equal(await dial('agent1', '+86 138-0000-0001'), '13800000001');
  await dial('agent1', '13800000001');
  await t.rejects(dial('agent1', '008613800000001'), { code: 'dial.number_limit', status: 429 });
  await dial('agent1', '13800000002');
  await t.rejects(dial('agent1', '13800000003'), { code: 'dial.agent_limit' });
  t.equal(spent.length, 0, 'what was refused costs nothing');
  await dial('agent2', '13800000003');
  await dial('agent2', '13800000004');
  await t.rejects(dial('agent2', '13800000005'), { code: 'dial.day_limit' });
  await dial('agent2', '13800000001', 'duty');
  await until('the alarm', () => spent.length > 0);
  t.match(spent.at(-1), { minutes: 0 });
  t.ok((spent.at(-1)?.calls ?? 0) > 4);

  await t.rejects(dial('agent1', '110'), { code: 'dial.emergency', status: 403 });
  t.equal(await dial('supervisor', '110'), '110', 'by right, and whatever was dialled today');
  await t.rejects(dial('supervisor', '0090 212 555 01 00'), { code: 'dial.international' });

  const refused = await db
    .selectFrom('auditEntry')
    .select('details')
    .where('act', '=', 'dial.refused')
    .orderBy('id')
    .execute();
  t.match(refused[0], { details: { refusal: 'number_limit', purpose: 'agent' } });
  t.equal(refused.length, 5);
  const { values } = await dialling.metric.get();
  t.match(
    values.find(({ labels }) => labels['result'] === 'international'),
    { value: 1, labels: { purpose: 'agent' } },
  );
});

void t.test(
  'a number that campaigns dialled as often as a day allows is dialled by nobody any more',
  async (t) => {
    const database = await createTestDatabase();
    const { db } = database;
    t.teardown(() => database.drop());
    await seedDemoStaff(db, 'a-test-password');
    const agent = await db.selectFrom('staff').select('id').limit(1).executeTakeFirstOrThrow();
    const dialling = openPolicy(
      { db, clock },
      { mostPerNumber: 2, mostPerAgent: 3, mostPerDay: 1 },
    );
    const [often, seldom] = ['13800000001', '13800000002'];
    const call = (number: string, staffId: string | null = null) => ({
      ...{ number, callId: newId(), staffId },
    });
    await dialling.noteCampaign(db, [call(often), call(often), call(seldom, agent.id)]);
    const usedUp = await dialling.usedUp(db, [often, seldom], agent.id);
    t.same([...usedUp.numbers], [often]);
    t.equal(usedUp.isAgent, false);
    const wish = { purpose: 'agent', callId: newId(), staffId: agent.id } as const;
    await t.rejects(dialling.permit({ ...wish, number: often }), { code: 'dial.number_limit' });
    t.equal(await dialling.permit({ ...wish, number: seldom }), seldom, 'the day is not theirs');
    t.match(await dialling.spend(), { calls: 1 }, 'campaigns apart');
    await dialling.noteCampaign(db, [call('13800000003', agent.id)]);
    t.equal((await dialling.usedUp(db, [often], agent.id)).isAgent, true, 'their calls count');
  },
);

void t.test(
  'when what was dialled cannot be counted, then no call goes out unlimited, and help still does',
  async (t) => {
    const database = await createTestDatabase();
    const { db } = database;
    t.teardown(() => database.drop());
    await seedDemoStaff(db, 'a-test-password');
    const dialling = openPolicy({ db, clock });
    const head = await db
      .selectFrom('staff')
      .select('id')
      .where('username', '=', 'supervisor')
      .executeTakeFirstOrThrow();
    const wish = { callId: newId(), number: '13800000001' };
    for (const purpose of ['agent', 'test'] as const) {
      const dialled = dialling.permit({ ...wish, purpose, staffId: 'staff:supervisor' });
      await t.rejects(dialled, { code: 'dial.uncounted', status: 503 });
    }
    await db.schema.alterTable('outside_call').renameTo('outside_call_away').execute();
    const call = { ...wish, staffId: head.id };
    await t.rejects(dialling.permit({ ...call, purpose: 'agent' }), { code: 'dial.uncounted' });
    t.equal(await dialling.permit({ ...call, number: '110', purpose: 'agent' }), '110');
    t.equal(await dialling.permit({ ...call, purpose: 'duty', staffId: null }), '13800000001');
  },
);
