import t from 'tap';
import { systemClock as clock } from '../../src/core/clock.ts';
import { newId } from '../../src/core/ids.ts';
import { silentLog } from '../../src/core/log.ts';
import { allowedKinds, Dialling, type Spend } from '../../src/dialling/index.ts';
import { seedDemoStaff } from '../../src/staff/index.ts';
import { createTestDatabase } from '../support/database.ts';
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
