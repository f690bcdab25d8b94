import t from 'tap';
import { systemClock } from '../../src/core/clock.ts';
import { until } from '../support/until.ts';
import { payBill } from '../../src/property/index.ts';
import { openCarrier, recordedGreeting } from '../support/carrier.ts';
import { ask, finished, isHolidayThere, launch, noonZone } from '../support/campaigns.ts';
import { addHomes } from '../support/homes.ts';
import { payDuring } from '../support/payers.ts';
import { startService, type Service } from '../support/service.ts';
import { startMailServer } from '../support/mail-server.ts';
import { startTextGateway } from '../support/text-gateway.ts';
import { sign } from '../../src/messaging/index.ts';
import { addAddress, choose } from '../../src/property/index.ts';

const zone = noonZone();
const long = { timeoutMs: 60_000 };
void t.test('campaigns', async (t) => {
  const carrier = await openCarrier();
  const [gateway, mail] = await Promise.all([startTextGateway(), startMailServer()]);
  const login = `${mail.login.user}:${encodeURIComponent(mail.login.pass)}`;
  const service = await startService({
    TRUNKS: `trunk=127.0.0.1:${carrier.port}`,
    SMS_URL: gateway.url,
    SMS_TOKEN: gateway.token,
    SMS_SECRET: gateway.secret,
    SMTP_URL: `smtp://${login}@127.0.0.1:${mail.port}`,
    MAIL_FROM: '物业服务中心 <service@example.com>',
  });
  t.teardown(async () => {
    await service.stop();
    await Promise.all([gateway.close(), mail.close()]);
    await carrier.close();
  });
  const { db } = service.database;
  await db.updateTable('estate').set({ timeZone: zone }).execute();
  const contactsOf = async (campaignId: string) => {
    const rows = await db
      .selectFrom('campaignContact')
      .selectAll()
      .where('campaignId', '=', campaignId)
      .execute();
    return new Map(rows.map((row) => [row.numbers[0]?.number, row]));
  };
  const callsTo = (number: string) => carrier.calls.filter((one) => one.number === number);
  const isHoliday = isHolidayThere(zone) && 'a public holiday: nothing is said of debts today';

  await t.test(
    'given a draft, then it says whom it would call, and staff hear it before it is approved',
    async (t) => {
      carrier.subscribers.set('13100000009', { hangUpAfterMs: 3500 });
      const [room] = await addHomes(db, [
        { building: '90', room: '101', numbers: ['13190000001'] },
      ]);
      const { id } = await ask<{ id: string }>(service, 'supervisor', '/campaigns', {
        name: '水箱清洗',
        kind: 'notice',
        settings: { audience: { roomIds: [room] }, script: notice('明天九点清洗水箱。') },
      });
      const preview = await ask(service, 'supervisor', `/campaigns/${id}/preview`, {});
      t.match(preview, { contacts: 1, numbers: 1, excluded: {}, scriptFaults: [] });
      await ask(service, 'supervisor', `/campaigns/${id}/submit`, {});
      t.equal(await refusal(service, 'admin', `/campaigns/${id}/approve`), 'campaign.not_heard');
      await ask(service, 'supervisor', `/campaigns/${id}/test-call`, { number: '13100000009' });
      await until(
        'the script to be heard',
        async () =>
          (await ask<{ heardAt: unknown }>(service, 'admin', `/campaigns/${id}`)).heardAt !== null,
        long,
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
        audience: { debt: {} },
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
    'given debtors who promise, object, refuse, let a machine answer or pay, then each has one result',
    { skip: isHoliday },
    async (t) => {
      const who = {
        promises: '13810000001',
        objects: '13810000002',
        refuses: '13810000003',
        machine: '13810000004',
        stranger: '13810000005',
        pays: '13810000006',
        paysToo: '13810000007',
      };
      const homes = Object.values(who).slice(0, 6);
      const roomIds = await addHomes(
        db,
        homes.map((number, at) => ({
          building: '91',
          room: `10${at}`,
          numbers: number === who.pays ? [number, who.paysToo] : [number],
          owedFen: 30_000 + at,
        })),
      );
      carrier.subscribers.set(who.promises, { keys: '123' });
      carrier.subscribers.set(who.objects, { keys: '13' });
      carrier.subscribers.set(who.refuses, { keys: '9' });
      carrier.subscribers.set(who.machine, { says: recordedGreeting });
      carrier.subscribers.set(who.stranger, { keys: '2' });
      carrier.subscribers.set(who.pays, { isAway: true });
      const payer = roomIds[5] ?? '';
      const id = await launch(service, arrears(roomIds));
      const ringing = await until('the payer to ring', () => callsTo(who.pays)[0], long);
      await until(
        'the others to have a result',
        async () => {
          const rows = [...(await contactsOf(id)).values()];
          return rows.filter((row) => row.state === 'dialling').length === 1;
        },
        long,
      );
      const paidAt = Date.now();
      await payAll(service, payer);
      await until('it to stop ringing', () => ringing.endedAt !== undefined, long);
      t.comment(`taken back ${(ringing.endedAt ?? 0) - paidAt} ms after the payment`);
      t.equal(ringing.answeredAt, undefined, 'nobody was told of a debt that is paid');
      const contacts = await until(
        'all to have a result, but the machine, which is tried again later',
        async () => {
          const rows = await contactsOf(id);
          const open = [...rows].filter(([, row]) => ['waiting', 'dialling'].includes(row.state));
          const isLeft = open.length === 1 && rows.get(who.machine)?.state === 'waiting';
          return isLeft && rows;
        },
        long,
      );
      t.match(contacts.get(who.promises), {
        state: 'reached',
        result: 'promised',
        owedFen: 30_000,
      });
      t.match(contacts.get(who.objects), { state: 'reached', result: 'disputed' });
      t.match(contacts.get(who.refuses), { state: 'reached', result: 'stopped_calling' });
      t.match(contacts.get(who.machine), { result: 'machine', attempts: 1 });
      t.match(contacts.get(who.stranger), { state: 'unreached', result: 'wrong_person' });
      t.match(contacts.get(who.pays), { state: 'excluded', refusal: 'nothing_owed' });
      t.equal(
        callsTo(who.pays).length + callsTo(who.paysToo).length,
        1,
        'no number of theirs again',
      );
      for (const number of homes) t.equal(callsTo(number).length, 1, 'one call each');
      t.equal(carrier.calls.at(-1)?.from, '4000', 'the site shows its own number');
      for (const { number, firstSoundMs } of carrier.calls.filter((one) => one.answeredAt)) {
        t.ok(firstSoundMs !== undefined, `${number}: first word after ${firstSoundMs} ms`);
      }
      const machine = callsTo(who.machine)[0];
      t.ok((machine?.ear.soundMs ?? 9999) < 9000, 'nothing is left on it');
      const kept = await until('what was said to be kept', async () => {
        const rows = await db
          .selectFrom('attempt')
          .leftJoin('recording', 'recording.callId', 'attempt.callId')
          .select(['attempt.number', 'recording.state', 'recording.channels'])
          .where('campaignId', '=', id)
          .where('attempt.answeredAt', 'is not', null)
          .execute();
        return rows.every(({ state }) => state === 'ready' || state === 'failed') && rows;
      });
      t.equal(kept.length, 5);
      for (const one of kept) t.match(one, { state: 'ready', channels: 2 }, one.number);
      const promise = await db.selectFrom('paymentPromise').selectAll().executeTakeFirstOrThrow();
      t.match(promise, { roomId: roomIds[0], owedFen: 30_000 });
      const order = await db
        .selectFrom('debtDispute')
        .innerJoin('workOrder', 'workOrder.id', 'debtDispute.workOrderId')
        .select(['workOrder.kind', 'workOrder.roomId'])
        .executeTakeFirstOrThrow();
      t.match(order, { kind: 'complaint', roomId: roomIds[1] }, 'an objection is an order');
      await ask(service, 'supervisor', `/campaigns/${id}/stop`, {});

      const before = carrier.calls.length;
      const again = await launch(service, arrears(roomIds.slice(0, 3)));
      await until(
        'the second campaign to know',
        async () => {
          const rows = [...(await contactsOf(again)).values()];
          return rows.length === 3 && rows.every((row) => row.refusal !== null);
        },
        long,
      );
      const refusals = await contactsOf(again);
      t.match(refusals.get(who.promises), { state: 'waiting', refusal: 'promise_pending' });
      t.match(refusals.get(who.objects), { state: 'excluded', refusal: 'disputed' });
      t.match(refusals.get(who.refuses), { state: 'excluded', refusal: 'do_not_call' });
      t.equal(carrier.calls.length, before, 'nobody is called');
      await ask(service, 'supervisor', `/campaigns/${again}/stop`, {});
      await until(
        'those who wait to be let go',
        async () => (await contactsOf(again)).get(who.promises)?.state === 'stopped',
        long,
      );
    },
  );

  await t.test(
    'given an outage in two buildings, then every home confirms, is written to or is on the list',
    async (t) => {
      const numbers = {
        confirms: '13820000001',
        machine: '13820000002',
        busy: '13820000003',
        first: '13820000004',
        second: '13820000005',
        gone: '13820000006',
        away: '13820000007',
      };
      const roomIds = await addHomes(db, [
        { building: '92', room: '101', numbers: [numbers.confirms] },
        { building: '92', room: '102', numbers: [numbers.machine] },
        { building: '92', room: '103', numbers: [numbers.busy] },
        { building: '93', room: '101', numbers: [numbers.first, numbers.second] },
        { building: '93', room: '102', numbers: [numbers.gone] },
        { building: '93', room: '103', numbers: [numbers.away] },
      ]);
      const confirms = { keys: '1', hangUpAfterMs: 1500 };
      carrier.subscribers.set(numbers.confirms, confirms);
      carrier.subscribers.set(numbers.machine, { says: recordedGreeting });
      carrier.subscribers.set(numbers.busy, { refuse: 486 });
      carrier.subscribers.set(numbers.first, { refuse: 480 });
      carrier.subscribers.set(numbers.second, confirms);
      carrier.subscribers.set(numbers.gone, { refuse: 404 });
      carrier.subscribers.set(numbers.away, { refuse: 480 });
      const reader = await db
        .selectFrom('personPhone')
        .select('personId')
        .where('number', '=', numbers.away)
        .executeTakeFirstOrThrow();
      await db.transaction().execute(async (trx) => {
        const { personId } = reader;
        const address = 'away@example.com';
        await addAddress(trx, systemClock, personId, { channel: 'email', address });
        const choice = { isWanted: true, hours: null, evidence: 'test' };
        const channels = ['call', 'email', 'sms'] as const;
        await choose(trx, systemClock, personId, {
          ...choice,
          topic: 'outage',
          channels: [...channels],
        });
      });
      const buildings = await db
        .selectFrom('building')
        .select('id')
        .where('number', 'in', ['92', '93'])
        .execute();
      const id = await launch(service, {
        name: '停电通知',
        kind: 'notice',
        topic: 'outage',
        settings: {
          audience: { buildingIds: buildings.map((one) => one.id) },
          script: notice('今天下午停电检修。'),
          retryAfterSec: { busy: 0, no_answer: 0, machine: 0 },
          attemptsPerContact: 3,
          fallback: ['sms', 'email'],
        },
      });
      await finished(service, id);
      const contacts = await contactsOf(id);
      t.match(contacts.get(numbers.confirms), { state: 'reached', result: 'confirmed' });
      t.match(contacts.get(numbers.machine), {
        state: 'unreached',
        result: 'machine',
        attempts: 2,
      });
      t.match(contacts.get(numbers.busy), { state: 'unreached', result: 'busy', attempts: 3 });
      t.match(contacts.get(numbers.first), { state: 'reached', attempts: 2 }, 'the second number');
      t.match(contacts.get(numbers.gone), { state: 'unreached', result: 'invalid', attempts: 1 });
      t.match(contacts.get(numbers.away), { state: 'unreached', result: 'no_answer', attempts: 3 });
      for (const { number, attempts } of await db
        .selectFrom('attempt')
        .select(['number', ({ fn }) => fn.countAll<number>().as('attempts')])
        .where('campaignId', '=', id)
        .groupBy('number')
        .execute()) {
        t.equal(callsTo(number).length, attempts, 'each attempt rang once');
      }
      const machine = callsTo(numbers.machine)[0];
      t.ok((machine?.ear.soundMs ?? 0) > 5000, 'the machine got the message');

      const coverage = await ask<{ items: { key: string; counts: object }[] }>(
        service,
        'admin',
        `/campaigns/${id}/results?by=building`,
      );
      t.same(coverage.items, [
        { key: '锦绣花园 92栋', counts: { reached: 1, unreached: 2 } },
        { key: '锦绣花园 93栋', counts: { reached: 1, unreached: 2 } },
      ]);
      const messages = await until(
        'texts for the unreached',
        async () => {
          const sent = await db
            .selectFrom('outboundMessage')
            .selectAll()
            .where('campaignId', '=', id)
            .execute();
          return sent.length === 4 && sent.every((one) => one.state === 'sent') && sent;
        },
        long,
      );
      const texts = messages.filter((one) => one.channel === 'sms');
      t.same(
        gateway.texts.map(({ id, to, text }) => [id, to, text]).sort(),
        texts.map((one) => [one.id, one.address, '今天下午停电检修。']).sort(),
        'each text went out once, under the id of its row',
      );
      t.equal(gateway.strangers, 0);
      t.same(
        mail.mails.map((one) => one.to),
        [['away@example.com']],
        'who prefers mails got a mail',
      );
      const receipt = JSON.stringify({ id: texts[0]?.id, state: 'delivered' });
      const told = await fetch(`http://127.0.0.1:${service.httpPort}/api/v1/message-receipts`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'x-lingting-signature': sign(gateway.secret, receipt, new Date()),
        },
        body: receipt,
      });
      t.equal(told.status, 200);
      const progress = await ask(service, 'admin', `/campaigns/${id}/progress`);
      t.match(progress, { contacts: { reached: 2, unreached: 4 }, lines: 0, state: 'finished' });
      const csv = await service.api(`/campaigns/${id}/export.csv`, {
        token: await service.token('admin'),
      });
      const table = await csv.text();
      t.equal(table.trim().split('\r\n').length, 7, 'a head and six homes');
      t.match(table, /短信 已送达/);
      t.match(table, /邮件 已发出/);

      for (const number of [numbers.machine, numbers.busy, numbers.first, numbers.away]) {
        carrier.subscribers.set(number, confirms);
      }
      const clear = await launch(service, {
        name: '恢复供电',
        kind: 'notice',
        topic: 'outage',
        settings: { audience: { campaign: { id } }, script: notice('供电已恢复。'), fallback: [] },
      });
      await finished(service, clear);
      const again = await contactsOf(clear);
      t.same(
        [...again.values()].map((row) => row.roomId).sort(),
        [...roomIds].sort(),
        'the all-clear is for the same homes',
      );
      t.equal([...again.values()].filter((row) => row.state === 'reached').length, 5);
    },
  );

  await t.test(
    'given homes that pay before or while it rings, then nobody there is asked for it',
    { skip: isHoliday },
    async (t) => {
      const ledger = await payDuring(service, carrier, { homes: 8, building: '97' });
      t.comment(JSON.stringify(ledger));
      t.equal(ledger.paidWaiting + ledger.paidRinging, 8);
      // How soon is for the bench: on a loaded machine this test knows only that it happens.
      t.same(
        ledger.faults.filter((fault) => !/rang on|rang after/.test(fault)),
        [],
      );
    },
  );

  await t.test(
    'given all lines taken by a notice that rings, then an emergency rings at once',
    async (t) => {
      const [one, other, urgent] = ['13840000001', '13840000002', '13840000003'];
      for (const number of [one, other]) carrier.subscribers.set(number, { isAway: true });
      carrier.subscribers.set(urgent, { keys: '1', hangUpAfterMs: 1500 });
      const roomIds = await addHomes(db, [
        { building: '96', room: '101', numbers: [one] },
        { building: '96', room: '102', numbers: [other] },
        { building: '96', room: '103', numbers: [urgent] },
      ]);
      await db.updateTable('trunk').set({ maxLines: 2 }).execute();
      const settings = (rooms: readonly string[], text: string) => ({
        ...{ audience: { roomIds: rooms }, script: notice(text), ringSec: 60, fallback: [] },
        retryAfterSec: { cancelled: 0 },
      });
      const slow = await launch(service, {
        ...{ name: '水箱清洗', kind: 'notice', purpose: 'service' },
        settings: settings(roomIds.slice(0, 2), '明天清洗水箱。'),
      });
      await until('both to ring', () => [one, other].every((n) => callsTo(n).length === 1), long);
      const quick = await launch(service, {
        ...{ name: '燃气泄漏', kind: 'notice', purpose: 'emergency', priority: 0 },
        settings: settings(roomIds.slice(2), '请立即关闭燃气阀门。'),
      });
      await until('the emergency to ring', () => callsTo(urgent).length === 1, long);
      t.ok(
        [one, other].some((number) => callsTo(number)[0]?.endedAt !== undefined),
        'somebody gave way',
      );
      await finished(service, quick);
      await until('whoever gave way to ring again', () =>
        [one, other].some((number) => callsTo(number).length === 2),
      );
      const attempts = (await contactsOf(slow)).get(one)?.attempts;
      t.equal(attempts, 1, 'what was taken back is no attempt on them');
      await ask(service, 'supervisor', `/campaigns/${slow}/stop`, {});
      await db.updateTable('trunk').set({ maxLines: 200 }).execute();
    },
  );

  await t.test('given a list, then its wrong lines are named and the others called', async (t) => {
    carrier.subscribers.set('13100000004', { keys: '1', hangUpAfterMs: 1500 });
    const list = await ask<{ id: string; entries: number; faults: unknown[] }>(
      service,
      'supervisor',
      '/campaign-lists',
      { name: '住户名单', text: '姓名,电话\r\n住户,13100000004\r\n坏,abc' },
    );
    t.match(list, { entries: 1, faults: [{ line: 2 }] });
    const id = await launch(service, {
      name: '停水通知',
      kind: 'notice',
      settings: { audience: { listId: list.id }, script: notice('停水。'), timeZone: zone },
    });
    await finished(service, id);
    t.match((await contactsOf(id)).get('13100000004'), { state: 'reached', result: 'confirmed' });
  });
});

function notice(message: string) {
  return {
    flowId: 'campaign-notice',
    texts: { message: { 'zh-CN': message, en: 'A notice.' } },
    isHumanVoice: false,
  };
}

function arrears(roomIds: readonly string[]) {
  return { name: '物业费提醒', kind: 'arrears', settings: { audience: { roomIds, debt: {} } } };
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
