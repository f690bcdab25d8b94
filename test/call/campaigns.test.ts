import t, { type Test } from 'tap';
import { systemClock } from '../../src/core/clock.ts';
import { until } from '../../src/core/wait.ts';
import { payBill } from '../../src/property/index.ts';
import { openCarrier, type Carrier } from '../support/carrier.ts';
import { ask, finished, isHolidayThere, launch, noonZone } from '../support/campaigns.ts';
import { startService, type Service } from '../support/service.ts';

const wang = '13800000001';
const zone = noonZone();

void t.test('campaigns', async (t) => {
  const carrier = await openCarrier();
  const service = await startService({ TRUNKS: `carrier=127.0.0.1:${carrier.port}` });
  t.teardown(async () => {
    await service.stop();
    await carrier.close();
  });
  const { db } = service.database;
  await db.updateTable('estate').set({ timeZone: zone }).execute();
  const home = await db
    .selectFrom('personPhone')
    .innerJoin('occupancy', 'occupancy.personId', 'personPhone.personId')
    .select(['occupancy.roomId', 'personPhone.personId'])
    .where('number', '=', wang)
    .executeTakeFirstOrThrow();
  const roomIds = [home.roomId];
  // What is due: the demo's bills fall due in the middle of the month.
  await db
    .updateTable('bill')
    .set({ dueOn: '2020-01-10' })
    .where('roomId', '=', home.roomId)
    .execute();
  const contactOf = (campaignId: string) =>
    db
      .selectFrom('campaignContact')
      .selectAll()
      .where('campaignId', '=', campaignId)
      .executeTakeFirstOrThrow();
  const forget = async () => {
    await db.updateTable('attempt').set({ subjectKey: 'another' }).execute();
    await db.deleteFrom('paymentPromise').execute();
    await db.deleteFrom('debtDispute').execute();
    await db.deleteFrom('doNotCall').execute();
  };
  const isHoliday = isHolidayThere(zone);
  if (isHoliday) t.comment('a public holiday: nothing may be said of debts today');

  await t.test(
    'given a draft, then it says whom it would call, and staff hear it first',
    async (t) => {
      carrier.usual = { hangUpAfterMs: 5000 };
      const { id } = await ask<{ id: string }>(service, 'supervisor', '/campaigns', {
        name: '水箱清洗',
        kind: 'notice',
        settings: { audience: { roomIds }, script: script('明天九点清洗水箱，请提前储水。') },
      });
      const preview = await ask<Record<string, unknown>>(
        service,
        'supervisor',
        `/campaigns/${id}/preview`,
        {},
      );
      t.match(preview, { contacts: 1, numbers: 1, excluded: {}, scriptFaults: [] });
      await ask(service, 'supervisor', `/campaigns/${id}/submit`, {});
      t.equal(await refusal(service, 'admin', `/campaigns/${id}/approve`), 'campaign.not_heard');
      await ask(service, 'supervisor', `/campaigns/${id}/test-call`, { number: '13100000009' });
      await until(
        'the script to be heard',
        async () => {
          const { heardAt } = await ask<{ heardAt: string | null }>(
            service,
            'admin',
            `/campaigns/${id}`,
          );
          return heardAt !== null;
        },
        { timeoutMs: 30_000 },
      );
      t.equal(
        await refusal(service, 'supervisor', `/campaigns/${id}/approve`),
        'campaign.own_approval',
      );
      await ask(service, 'admin', `/campaigns/${id}/approve`, {});
      await ask(service, 'supervisor', `/campaigns/${id}/cancel`, {});
      const attempts = await db.selectFrom('attempt').select('id').execute();
      t.equal(attempts.length, 0, 'a test call is no attempt on anybody');
    },
  );

  await t.test('given a threat in a script, then it is not let through', async (t) => {
    const { id } = await ask<{ id: string }>(service, 'supervisor', '/campaigns', {
      name: '催缴',
      kind: 'arrears',
      settings: {
        audience: { roomIds, debt: {} },
        script: {
          flowId: 'campaign-arrears',
          texts: { greeting: { 'zh-CN': '您好，再不交就停水。', en: 'Hello.' } },
          isHumanVoice: false,
        },
      },
    });
    t.equal(
      await refusal(service, 'supervisor', `/campaigns/${id}/submit`),
      'campaign.script_refused',
    );
  });

  await t.test(
    'given a debtor who says who they are and promises a date, then it is written down',
    { skip: isHoliday },
    async (t) => {
      carrier.subscribers.set(wang, {
        keys: [
          { afterMs: 2500, key: '1' },
          { afterMs: 5000, key: '2' },
          { afterMs: 7500, key: '3' },
        ],
      });
      const before = carrier.calls.length;
      const id = await launch(service, arrears(roomIds));
      await finished(service, id);
      const contact = await contactOf(id);
      t.match(contact, { state: 'reached', result: 'promised', attempts: 1, owedFen: 37_300 });
      const promise = await db.selectFrom('paymentPromise').selectAll().executeTakeFirstOrThrow();
      t.match(promise, { roomId: home.roomId, owedFen: 37_300 });
      const call = carrier.calls[before];
      t.equal(call?.from, '4000', 'the site shows its own number');
      t.ok((call?.firstSoundMs ?? 9999) <= 1000, `first word after ${call?.firstSoundMs} ms`);
      t.equal(carrier.calls.length, before + 1, 'one call, no more');
      const again = await launch(service, arrears(roomIds));
      await until(
        'the second to wait',
        async () => (await contactOf(again)).refusal === 'promise_pending',
        {
          timeoutMs: 20_000,
        },
      );
      t.equal(carrier.calls.length, before + 1, 'nobody calls before the promised day');
      await ask(service, 'supervisor', `/campaigns/${again}/stop`, {});
      await until('it to be stopped', async () => (await contactOf(again)).state === 'stopped');
      await forget();
    },
  );

  await t.test(
    'given someone who wants no more calls, then the list has them',
    { skip: isHoliday },
    async (t) => {
      carrier.subscribers.set(wang, { keys: [{ afterMs: 2000, key: '9' }] });
      const id = await launch(service, arrears(roomIds));
      await finished(service, id);
      t.match(await contactOf(id), { state: 'reached', result: 'stopped_calling' });
      const before = carrier.calls.length;
      const again = await launch(service, arrears(roomIds));
      await finished(service, again);
      t.match(await contactOf(again), { state: 'excluded', refusal: 'do_not_call' });
      t.equal(carrier.calls.length, before, 'not dialled');
      await forget();
    },
  );

  await t.test(
    'given someone who pays while it rings, then the call is taken back',
    { skip: isHoliday },
    async (t) => {
      carrier.subscribers.set(wang, { isAway: true });
      const before = carrier.calls.length;
      const id = await launch(service, arrears(roomIds));
      const call = await until('it to ring', () => carrier.calls[before], { timeoutMs: 20_000 });
      const paidAt = Date.now();
      await payAll(service, home.roomId);
      await until('it to stop ringing', () => call.endedAt !== undefined, { timeoutMs: 10_000 });
      t.comment(`taken back ${(call.endedAt ?? 0) - paidAt} ms after the payment`);
      t.ok((call.endedAt ?? 0) - paidAt <= 1000, 'within the second');
      await finished(service, id);
      t.match(await contactOf(id), { state: 'excluded', refusal: 'nothing_owed' });
      t.equal(carrier.calls.length, before + 1, 'not called again');
      await db.updateTable('bill').set({ paidFen: 0 }).where('roomId', '=', home.roomId).execute();
      await forget();
    },
  );

  await t.test(
    'given busy, wrong and away numbers, then the table of retries is followed',
    async (t) => {
      const numbers = ['13100000001', '13100000002', '13100000003', '13100000004'];
      carrier.subscribers.set('13100000001', { refuse: 486 });
      carrier.subscribers.set('13100000002', { refuse: 404 });
      carrier.subscribers.set('13100000003', { refuse: 480 });
      carrier.subscribers.set('13100000004', { keys: [{ afterMs: 2500, key: '1' }] });
      const list = await ask<{ id: string; entries: number; faults: unknown[] }>(
        service,
        'supervisor',
        '/campaign-lists',
        {
          name: '住户名单',
          text: `姓名,电话\r\n${numbers.map((one) => `住户,${one}`).join('\r\n')}\r\n坏,abc`,
        },
      );
      t.match(list, { entries: 4, faults: [{ line: 5 }] });
      const id = await launch(service, {
        name: '停电通知',
        kind: 'notice',
        settings: {
          audience: { listId: list.id },
          script: script('今天下午停电检修。'),
          timeZone: zone,
          retryAfterSec: { busy: 0, off: 0, no_answer: 0 },
          fallback: ['sms'],
        },
      });
      await finished(service, id);
      const rows = await db
        .selectFrom('attempt')
        .select(['number', 'result'])
        .where('campaignId', '=', id)
        .execute();
      const of = (number: string) =>
        rows.filter((row) => row.number === number).map((row) => row.result);
      t.same(of('13100000001'), ['busy', 'busy', 'busy']);
      t.same(of('13100000002'), ['invalid'], 'never again');
      t.equal(of('13100000003').length, 3, 'away');
      t.same(of('13100000004'), ['confirmed']);
      const messages = await until(
        'texts for the unreached',
        async () => {
          const sent = await db
            .selectFrom('outboundMessage')
            .selectAll()
            .where('campaignId', '=', id)
            .execute();
          return sent.length === 3 && sent.every((one) => one.state === 'sent') ? sent : undefined;
        },
        { timeoutMs: 20_000 },
      );
      t.equal(messages[0]?.body, '今天下午停电检修。');
      const progress = await ask<Record<string, unknown>>(
        service,
        'admin',
        `/campaigns/${id}/progress`,
      );
      t.match(progress, { contacts: { reached: 1, unreached: 3 }, lines: 0, state: 'finished' });
      const csv = await service.api(`/campaigns/${id}/export.csv`, {
        token: await service.token('admin'),
      });
      const text = await csv.text();
      t.match(text, /未送达/);
      t.equal(text.trim().split('\r\n').length, 5);
    },
  );

  await t.test(
    'given kill -9 while it rings and while it talks, then nobody is called twice',
    async (t) => {
      await killed(t, service, carrier);
    },
  );
});

function script(message: string) {
  return {
    flowId: 'campaign-notice',
    texts: { message: { 'zh-CN': message, en: 'A notice.' } },
    isHumanVoice: false,
  };
}

function arrears(roomIds: string[]) {
  return {
    name: '物业费提醒',
    kind: 'arrears',
    settings: { audience: { roomIds, debt: {} } },
  };
}

async function refusal(service: Service, username: string, path: string): Promise<string> {
  const reply = await service.api(path, {
    token: await service.token(username),
    method: 'POST',
    body: {},
  });
  return ((await reply.json()) as { code: string }).code;
}

/** Every open bill of the home, as a counter takes it. */
async function payAll(service: Service, roomId: string): Promise<void> {
  const { db } = service.database;
  const bills = await db.selectFrom('bill').selectAll().where('roomId', '=', roomId).execute();
  for (const { id, amountFen } of bills) {
    await db
      .transaction()
      .execute((trx) => payBill(trx, systemClock, { billId: id, amountFen, method: 'cash' }));
  }
}

async function killed(t: Test, service: Service, carrier: Carrier): Promise<void> {
  const { db } = service.database;
  const numbers = Array.from({ length: 60 }, (_, n) => `132${String(n).padStart(8, '0')}`);
  carrier.usual = { answerAfterMs: 700, keys: [{ afterMs: 2500, key: '1' }], hangUpAfterMs: 9000 };
  const list = await ask<{ id: string }>(service, 'supervisor', '/campaign-lists', {
    name: '全体',
    text: `number\n${numbers.join('\n')}`,
  });
  const before = carrier.calls.length;
  const id = await launch(service, {
    name: '演练通知',
    kind: 'notice',
    settings: {
      audience: { listId: list.id },
      script: script('这是一次演练。'),
      timeZone: noonZone(),
      callsPerSecond: 10,
      maxLines: 20,
      retryAfterSec: { lost: 0, unconfirmed: 0, hung_up_early: 0, cancelled: 0 },
    },
  });
  for (const calls of [5, 25, 45]) {
    await until(`${calls} calls`, () => carrier.calls.length - before >= calls, {
      timeoutMs: 60_000,
    });
    await service.kill();
    await service.start();
  }
  await finished(service, id, 120_000);
  const contacts = await db
    .selectFrom('campaignContact')
    .selectAll()
    .where('campaignId', '=', id)
    .execute();
  t.equal(contacts.length, 60);
  t.same([...new Set(contacts.map((one) => one.state))], ['reached'], 'each has one final result');
  const attempts = await db
    .selectFrom('attempt')
    .selectAll()
    .where('campaignId', '=', id)
    .execute();
  t.ok(attempts.every((one) => one.state === 'ended'));
  const rang = carrier.calls.slice(before);
  for (const number of numbers) {
    const calls = rang.filter((one) => one.number === number).length;
    const rows = attempts.filter(
      (one) => one.number === number && one.result !== 'cancelled',
    ).length;
    if (calls > rows) t.fail(`${number} rang ${calls} times for ${rows} attempts`);
  }
  const byResult = new Map<string, number>();
  for (const { result } of attempts) {
    byResult.set(result ?? '', (byResult.get(result ?? '') ?? 0) + 1);
  }
  t.comment(`ledger: ${JSON.stringify(Object.fromEntries(byResult))}, rang ${rang.length} times`);
}
