import { spawn } from 'node:child_process';
import path from 'node:path';
import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import t from 'tap';
import type { FlowVersionDetail } from '../../src/contract/flows.ts';
import type { OwnerDetail } from '../../src/contract/property.ts';
import type { WorkOrderDetail } from '../../src/contract/work-orders.ts';
import type { OfferResult } from '../../src/db/schema.ts';
import { missingLists } from '../../src/property/index.ts';
import { newId } from '../../src/core/ids.ts';
import { until } from '../support/until.ts';
import { publishFlows } from '../../src/content/index.ts';
import { shippedFlows } from '../../src/ivr/index.ts';
import { apiPassword, startApi, type TestApi } from '../support/api.ts';

let api: TestApi;
let room: { id: string; estateId: string };
let wang: { id: string };

t.before(async () => {
  api = await startApi();
  const { db } = api.database;
  room = await db
    .selectFrom('room')
    .innerJoin('estate', 'estate.id', 'room.estateId')
    .innerJoin('occupancy', 'occupancy.roomId', 'room.id')
    .innerJoin('personPhone', 'personPhone.personId', 'occupancy.personId')
    .where('personPhone.number', '=', '13800000001')
    .select(['room.id', 'room.estateId'])
    .executeTakeFirstOrThrow();
  wang = await db
    .selectFrom('personPhone')
    .where('number', '=', '13800000001')
    .select('personId as id')
    .executeTakeFirstOrThrow();
  await publishFlows(db, shippedFlows);
});
t.teardown(() => api.close());

const repair = () => ({
  kind: 'repair',
  category: 'water',
  summary: '厨房水管漏水',
  roomId: room.id,
  personId: wang.id,
});

// The test says what it expects to get.
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters
async function post<Body>(where: string, body: unknown, options: Record<string, string> = {}) {
  const reply = await api.request(where, { as: 'agent1', method: 'POST', body, ...options });
  return { ...reply, body: reply.body as Body & { code?: string; detail?: string } };
}

const raise = () => post<WorkOrderDetail>('/work-orders', repair());
const move = (number: string, body: unknown, as = 'agent1') =>
  post<WorkOrderDetail>(`/work-orders/${number}/transitions`, body, { as });

void t.test('work orders', async (t) => {
  await t.test(
    'given a call and a room, then the order has number, site and history',
    async (t) => {
      const { status, body } = await raise();
      t.equal(status, 201, JSON.stringify(body));
      t.match(body, {
        number: /^\d{6}-\d{4}$/,
        state: 'new',
        severity: 'minor',
        source: 'agent',
        estateId: room.estateId,
        recordings: [],
        nextStates: ['accepted', 'dispatched', 'cancelled'],
      });
      t.match(body.events, [{ kind: 'transition', fromState: null, toState: 'new' }]);
      t.match(body.events[0]?.actor, /^staff:/);
      const read = await api.request(`/work-orders/${body.number}`, { as: 'agent1' });
      t.same(read.body, body);
      const event = await api.database.db
        .selectFrom('outbox')
        .selectAll()
        .where('name', '=', 'workOrder.raised')
        .executeTakeFirstOrThrow();
      t.match(event.payload, { number: body.number, kind: 'repair' });
      await post(`/work-orders/${body.number}/notes`, { note: '已联系师傅' });
      const { rows: acts } = await sql<{ act: string; username: string; details: unknown }>`
        SELECT act, username, details FROM audit_entry JOIN staff ON staff.id = staff_id
        WHERE subject = ${body.number} ORDER BY at, act DESC`.execute(api.database.db);
      t.same(
        acts,
        [
          { act: 'work_order.raised', username: 'agent1', details: { kind: 'repair' } },
          { act: 'work_order.noted', username: 'agent1', details: {} },
        ],
        'the audit says who raised it',
      );
    },
  );

  await t.test('given references that name nothing, then the field is named', async (t) => {
    for (const field of ['roomId', 'personId', 'callId']) {
      const { status, body } = await post('/work-orders', { ...repair(), [field]: randomUUID() });
      t.equal(status, 422);
      t.match(body, { code: 'work_order.bad_reference', field });
    }
    const nowhere = { kind: 'other', category: 'other', summary: '' };
    t.match(await post('/work-orders', nowhere), { status: 422, body: { field: 'estateId' } });
    t.match(await post('/work-orders', { ...nowhere, kind: 'war' }), { status: 400 });
    t.match(await post('/work-orders', { ...nowhere, isAdmin: true }), { status: 400 });
  });

  await t.test('given steps in order, then the order walks, step by step', async (t) => {
    const { number } = (await raise()).body;
    for (const to of ['accepted', 'in_progress', 'done']) {
      const { status, body } = await move(number, { to, note: `→ ${to}` });
      t.equal(status, 200, JSON.stringify(body));
      t.equal(body.state, to);
    }
    const refused = await move(number, { to: 'accepted' });
    t.match(refused, {
      status: 409,
      body: { code: 'work_order.illegal_transition', from: 'done', to: 'accepted' },
    });
    t.match(await move(number, { to: 'closed', note: '已修好' }), {
      status: 409,
      body: { code: 'work_order.owner_must_confirm' },
    });
    t.match(await move(number, { to: 'closed' }, 'supervisor'), {
      status: 422,
      body: { code: 'work_order.reason_missing' },
    });
    const closed = await move(number, { to: 'closed', note: '业主长期在国外' }, 'supervisor');
    t.match(closed, { status: 200, body: { state: 'closed', nextStates: [] } });
    t.same(
      closed.body.events.map((one) => one.toState),
      ['new', 'accepted', 'in_progress', 'done', 'closed'],
    );
    t.match(await post(`/work-orders/${number}/notes`, { note: '业主来电致谢' }), { status: 201 });
    const edit = { as: 'agent1', method: 'PATCH', body: { summary: 'x' } };
    t.match(await api.request(`/work-orders/${number}`, edit), {
      status: 409,
      body: { code: 'work_order.over' },
    });
  });

  await t.test('given two who press at once, then one is told', async (t) => {
    const { number } = (await raise()).body;
    const replies = await Promise.all(
      Array.from({ length: 6 }, () => move(number, { to: 'accepted', expectedState: 'new' })),
    );
    t.equal(replies.filter((one) => one.status === 200).length, 1);
    const losers = replies.filter((one) => one.status !== 200);
    t.ok(losers.every((one) => one.status === 409 && one.body.code === 'work_order.changed'));
    const { db } = api.database;
    const events = await db
      .selectFrom('outbox')
      .where('name', '=', 'workOrder.changed')
      .where(sql<string>`payload->>'number'`, '=', number)
      .selectAll()
      .execute();
    t.equal(events.length, 1);
    t.match(events[0]?.payload, { from: 'new', to: 'accepted' });
  });

  await t.test('given an edit, then the history keeps what it was', async (t) => {
    const made = (await raise()).body;
    const body = { severity: 'serious', category: 'water', expectedUpdatedAt: made.updatedAt };
    const edit = { as: 'agent1', method: 'PATCH', body };
    const first = await api.request(`/work-orders/${made.number}`, edit);
    t.match(first, { status: 200, body: { severity: 'serious' } });
    t.match((first.body as WorkOrderDetail).events.at(-1), {
      kind: 'edit',
      changes: { severity: { from: 'minor', to: 'serious' } },
    });
    t.match(
      await api.request(`/work-orders/${made.number}`, {
        ...edit,
        body: { summary: '晚了', expectedUpdatedAt: '2020-01-01T00:00:00.000Z' },
      }),
      {
        status: 409,
        body: { code: 'work_order.changed', present: { number: made.number, severity: 'serious' } },
      },
      'what stands there is told with the refusal',
    );
    t.match(await move('990101-9999', { to: 'accepted' }), {
      status: 404,
      body: { code: 'work_order.not_found' },
    });
  });
});

void t.test('repeated requests', async (t) => {
  const count = async () => {
    const { db } = api.database;
    const row = await db
      .selectFrom('workOrder')
      .select((of) => of.fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow();
    return row.count;
  };

  await t.test('given the same key and request, then the first answer comes again', async (t) => {
    const key = randomUUID();
    const before = await count();
    const first = await post<WorkOrderDetail>('/work-orders', repair(), { key });
    const { personId, ...rest } = repair();
    const again = await post<WorkOrderDetail>('/work-orders', { personId, ...rest }, { key });
    t.equal(first.headers.get('idempotency-replayed'), null);
    t.equal(again.headers.get('idempotency-replayed'), 'true');
    t.equal(again.status, 201);
    t.same(again.body, first.body);
    t.equal(await count(), before + 1);
    const other = await post('/work-orders', { ...repair(), category: 'gas' }, { key });
    t.match(other, { status: 422, body: { code: 'idempotency.key_reused' } });
    const someoneElse = await post('/work-orders', repair(), { key, as: 'agent2' });
    t.equal(someoneElse.status, 201);
    t.equal(await count(), before + 2, 'a key belongs to whoever uses it');
  });

  await t.test(
    'given other sites or another role since, then a repetition does not bring the former answer',
    async (t) => {
      const id = await api.staffId('agent2');
      const change = async (body: object) => {
        const made = await api.request(`/staff/${id}`, { as: 'admin', method: 'PATCH', body });
        t.equal(made.status, 200, JSON.stringify(made.body));
        api.forget('agent2');
      };
      const { id: elsewhere } = await api.database.db
        .selectFrom('estate')
        .select('id')
        .where('id', '<>', room.estateId)
        .limit(1)
        .executeTakeFirstOrThrow();
      const key = randomUUID();
      const ask = () => post<WorkOrderDetail>('/work-orders', repair(), { key, as: 'agent2' });
      t.equal((await ask()).status, 201);
      await change({ siteIds: [elsewhere] });
      const limited = await ask();
      t.match(limited, { status: 403, body: { code: 'permission.site' } });
      t.equal(limited.headers.get('idempotency-replayed'), null);
      await change({ siteIds: [], role: 'supervisor' });
      t.match(await ask(), { status: 422, body: { code: 'idempotency.key_reused' } });
      await change({ role: 'agent' });
      t.equal((await ask()).headers.get('idempotency-replayed'), 'true', 'with what they had');
    },
  );

  await t.test('given a refusal, then it is the answer to the repetition too', async (t) => {
    const key = randomUUID();
    const wrong = { ...repair(), roomId: randomUUID() };
    const first = await post('/work-orders', wrong, { key });
    const again = await post('/work-orders', wrong, { key });
    t.equal(again.status, 422);
    t.equal(again.headers.get('idempotency-replayed'), 'true');
    t.same(again.body, first.body);
    t.match(await post('/work-orders', repair(), { key: 'a b' }), {
      status: 400,
      body: { code: 'idempotency.bad_key' },
    });
  });

  await t.test(
    'given an answer with a secret, then nobody finds it kept, or gets it again',
    async (t) => {
      const { body } = await api.request('/openapi.json');
      const { paths } = body as { paths: Record<string, Record<string, { responses?: object }>> };
      const told = Object.entries(paths).flatMap(([path, methods]) =>
        Object.entries(methods)
          .filter(([, { responses }]) =>
            /"(password|secret|token)":\{/.test(JSON.stringify(responses)),
          )
          .map(([method]) => `${method} ${path.replace('/api/v1', '')}`),
      );
      const requests: Record<string, object> = {
        'post /session': { username: 'agent2', password: apiPassword },
        'post /me/second-factor': { password: apiPassword },
        'post /agents/me/phone': {},
        'post /demo/phone': { number: '13800000001' },
      };
      t.same(told.sort(), Object.keys(requests).sort(), 'no others tell secrets');
      for (const [route, given] of Object.entries(requests)) {
        const path = route.split(' ')[1] ?? '';
        const key = randomUUID();
        const first = await post<Record<string, string>>(path, given, { key, as: 'agent2' });
        t.ok(first.status < 300, `${route} ${first.status}`);
        const again = await post(path, given, { key, as: 'agent2' });
        t.match(again, { status: 409, body: { code: 'idempotency.told_once' } }, route);
        const rows = await api.database.db.selectFrom('idempotencyKey').selectAll().execute();
        for (const name of ['password', 'secret', 'token', 'uri']) {
          const secret = first.body[name];
          if (secret !== undefined) t.notMatch(JSON.stringify(rows), secret, `${route} ${name}`);
        }
      }
    },
  );

  await t.test('given twenty at once, then one order, and nobody is told another', async (t) => {
    const key = randomUUID();
    const before = await count();
    const replies = await Promise.all(
      Array.from({ length: 20 }, () => post<WorkOrderDetail>('/work-orders', repair(), { key })),
    );
    t.equal(await count(), before + 1);
    const made = replies.filter((one) => one.status === 201);
    t.ok(made.length >= 1);
    t.equal(new Set(made.map((one) => one.body.number)).size, 1);
    const busy = replies.filter((one) => one.status !== 201);
    t.ok(
      busy.every((one) => one.status === 409 && one.body.code === 'idempotency.in_progress'),
      'the others are told that it still runs',
    );
    const later = await post<WorkOrderDetail>('/work-orders', repair(), { key });
    t.equal(later.body.number, made[0]?.body.number);
  });

  await t.test('given kill -9 in the middle, then the repetition does it once', async (t) => {
    const { db, url } = api.database;
    const bill = await db
      .selectFrom('bill')
      .where('paidFen', '=', 0)
      .select(['id', 'amountFen'])
      .executeTakeFirstOrThrow();
    const token = await api.token('supervisor');
    const victim = await startVictim(url);
    const key = randomUUID();
    const pay = (port: number) =>
      fetch(`http://127.0.0.1:${port}/api/v1/bills/${bill.id}/payments`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${token}`,
          'content-type': 'application/json',
          'idempotency-key': key,
        },
        body: JSON.stringify({ amountFen: bill.amountFen, method: 'cash' }),
      });
    await db.transaction().execute(async (trx) => {
      await trx.selectFrom('bill').select('id').where('id', '=', bill.id).forUpdate().execute();
      const lost = pay(victim.port).catch(() => 'lost');
      await until('the payment to wait for the bill', async () => {
        const { rows } = await sql<{ count: number }>`
          select count(*)::int as count from pg_stat_activity
          where datname = current_database() and wait_event_type = 'Lock'
            and query like '%bill%for update%'`.execute(db);
        return (rows[0]?.count ?? 0) > 0;
      });
      t.equal((await pay(api.port)).status, 409, 'another process works on it');
      victim.kill();
      t.equal(await lost, 'lost');
    });
    const repeated = await until('the key to be free', async () => {
      const reply = await pay(api.port);
      return reply.status !== 409 && reply;
    });
    t.equal(repeated.status, 201);
    t.equal((await pay(api.port)).headers.get('idempotency-replayed'), 'true');
    const payments = await db
      .selectFrom('payment')
      .selectAll()
      .where('billId', '=', bill.id)
      .execute();
    t.equal(payments.length, 1);
  });
});

void t.test('owners', async (t) => {
  await t.test('given an owner, then one page tells all, masked for an agent', async (t) => {
    const { body } = await api.request(`/owners/${wang.id}`, { as: 'agent1' });
    const owner = body as OwnerDetail;
    t.equal(owner.name, '王建国');
    t.equal(owner.hasPin, true);
    t.match(owner.phones, [{ number: '138****0001', isPrimary: true }]);
    t.match(owner.homes, [{ label: '3栋2单元1201', role: 'owner' }]);
    t.ok(owner.unpaidFen > 0);
    t.ok(owner.openOrders.length > 0);
    const full = await api.request(`/owners/${wang.id}`, { as: 'supervisor' });
    t.equal((full.body as OwnerDetail).phones[0]?.number, '13800000001');
    t.notMatch(JSON.stringify(full.body), /argon2/);
    t.match(await api.request(`/owners/${randomUUID()}`, { as: 'agent1' }), {
      status: 404,
      body: { code: 'owner.not_found' },
    });
  });

  await t.test('given an unknown number, then it is tied and untied', async (t) => {
    const added = await post<{ id: string }>(`/owners/${wang.id}/phones`, {
      number: '+86 139-1111-2222',
    });
    t.match(added, { status: 201, body: { number: '139****2222', isPrimary: false } });
    t.match(await post(`/owners/${wang.id}/phones`, { number: '13911112222' }), {
      status: 409,
      body: { code: 'phone.exists' },
    });
    t.match(await post(`/owners/${wang.id}/phones`, { number: 'drop table' }), {
      status: 422,
      body: { code: 'phone.bad_number' },
    });
    const where = `/owners/${wang.id}/phones/${added.body.id}`;
    t.equal((await api.request(where, { as: 'agent1', method: 'DELETE' })).status, 204);
    t.equal((await api.request(where, { as: 'agent1', method: 'DELETE' })).status, 404);
    const acts = await api.database.db
      .selectFrom('auditEntry')
      .where('subject', '=', wang.id)
      .select('act')
      .orderBy('at')
      .execute();
    t.same(
      acts.map((one) => one.act),
      ['owner.phone_added', 'owner.phone_removed'],
    );
  });

  await t.test('given a new person with a home, then they are found, and move out', async (t) => {
    const made = await post<OwnerDetail>('/owners', {
      name: '重庆明',
      pin: '8642',
      phones: [{ number: '13700001111' }],
      homes: [{ roomId: room.id, role: 'tenant', validFrom: '2026-01-01' }],
    });
    t.equal(made.status, 201, JSON.stringify(made.body));
    t.match(made.body, { hasPin: true, homes: [{ role: 'tenant', validTo: null }] });
    const found = await api.request('/owners?q=13700001111', { as: 'agent1' });
    t.match(found.body, { items: [{ name: '重庆明' }] });
    const where = `/owners/${made.body.id}/homes/${made.body.homes[0]?.occupancyId ?? ''}`;
    const end = (validTo: string) =>
      api.request(where, { as: 'agent1', method: 'PATCH', body: { validTo } });
    t.match(await end('2025-12-31'), { status: 422, body: { code: 'home.bad_period' } });
    t.match(await end('2026-02-30'), { status: 400, body: { code: 'request.invalid' } });
    t.match(await end('2026-06-30'), { status: 200, body: { unpaidFen: 0, bills: [] } });
    t.match(await post('/owners', { name: 'x', homes: [{ roomId: wang.id, role: 'owner' }] }), {
      status: 422,
      body: { code: 'home.bad_room' },
    });
    const gone = await api.request('/owners?q=x', { as: 'agent1' });
    t.notMatch(JSON.stringify(gone.body), /"name":"x"/, 'a refusal leaves nothing behind');
  });
});

void t.test('payments', async (t) => {
  const { db } = api.database;
  const bill = await db
    .selectFrom('bill')
    .where('paidFen', '=', 0)
    .where('roomId', '=', room.id)
    .selectAll()
    .executeTakeFirstOrThrow();
  const pay = (amountFen: number, as = 'supervisor') =>
    post(`/bills/${bill.id}/payments`, { amountFen, method: 'wechat' }, { as });
  t.match(await pay(1, 'agent1'), { status: 403, body: { code: 'permission.missing' } });
  t.match(await pay(bill.amountFen + 1), {
    status: 422,
    body: { code: 'bill.overpaid', owedFen: bill.amountFen },
  });
  t.match(await pay(100), { status: 201, body: { bill: { paidFen: 100 } } });
  const rest = bill.amountFen - 100;
  const both = await Promise.all([pay(rest), pay(rest)]);
  t.same(both.map((one) => one.status).sort(), [201, 422], 'never more than is owed');
  const events = await db
    .selectFrom('outbox')
    .where('name', '=', 'bill.paid')
    .where(sql<string>`payload->>'billId'`, '=', bill.id)
    .orderBy('id')
    .select('payload')
    .execute();
  t.match(
    events.map((one) => one.payload),
    [{ isSettled: false }, { isSettled: true, amountFen: rest }],
  );
});

void t.test('flows', async (t) => {
  const [flow] = shippedFlows;
  const id = flow?.id ?? '';
  const as = 'supervisor';
  const versions = (definition: unknown) =>
    post<FlowVersionDetail & { problems?: string[] }>(
      `/flows/${id}/versions`,
      { definition, note: '新问候语' },
      { as },
    );

  await t.test('given a definition with faults, then every one is listed', async (t) => {
    const broken = structuredClone(flow) as unknown as { start: string; farewell: string };
    broken.start = 'nowhere';
    broken.farewell = 'nowhereElse';
    const { status, body } = await versions(broken);
    t.equal(status, 422);
    t.equal(body.code, 'flow.invalid');
    t.match(JSON.stringify(body.problems), /nowhere\\".*nowhereElse/);
    t.match(await versions({ ...flow, id: 'another' }), { status: 422 });
    t.match(await versions('text'), { status: 422, body: { code: 'flow.invalid' } });
  });

  await t.test('given a new version, then it goes live by publish, and back again', async (t) => {
    const same = await versions(flow);
    t.match(same, { status: 409, body: { code: 'flow_version.exists', version: 1 } });
    const added = await versions({ ...flow, name: '改过的' });
    t.match(added, { status: 201, body: { version: 2, isLive: false, note: '新问候语' } });
    const publish = (version: number, extra = {}) =>
      post(`/flows/${id}/publish`, { version, ...extra }, { as });
    t.match(await publish(2), { status: 200, body: { version: 2, isLive: true } });
    t.match(await publish(2), { status: 409, body: { code: 'flow.live_already', version: 2 } });
    t.match(await publish(1, { expectedLiveVersion: 1 }), {
      status: 409,
      body: { code: 'flow.changed', liveVersion: 2 },
    });
    t.match(await publish(9), { status: 404, body: { code: 'flow_version.not_found' } });
    await publishFlows(api.database.db, shippedFlows);
    const list = await api.request(`/flows/${id}/versions`, { as });
    t.match(list.body, {
      items: [
        { version: 2, isLive: true },
        { version: 1, isLive: false },
      ],
    });
    t.match(await publish(1), { status: 200, body: { version: 1, isLive: true } });
    const acts = await api.database.db
      .selectFrom('auditEntry')
      .where('subject', '=', id)
      .orderBy('id')
      .select('act')
      .execute();
    t.same(
      acts.map((one) => one.act),
      ['flow_version.added', 'flow.published', 'flow.published'],
    );
    t.match(await post(`/flows/${id}/publish`, { version: 2 }), { status: 403 });
  });
});

void t.test('a write that changed nothing is never told as done', async (t) => {
  const { db } = api.database;
  const agent = await api.staffId('agent3');
  const { id: phoneId } = await db
    .selectFrom('personPhone')
    .where('personId', '=', wang.id)
    .select('id')
    .executeTakeFirstOrThrow();
  const { id: queueId } = await db
    .selectFrom('queue')
    .where('code', '=', 'general')
    .select('id')
    .executeTakeFirstOrThrow();
  const { did } = await db.selectFrom('hotline').select('did').executeTakeFirstOrThrow();
  const { number } = (await raise()).body;
  const alarmId = randomUUID();
  await db
    .insertInto('alarm')
    .values({
      ...{ id: alarmId, kind: 'long_wait', raisedAt: new Date(), acknowledgedBy: '班长 何' },
      ...{ acknowledgedAt: new Date(), clearedAt: new Date(), details: '{}' },
    })
    .execute();
  const made = await post<{ id: string }>(
    '/owners',
    { name: '周不变', phones: [{ number: '13911110001' }, { number: '13911110002' }] },
    { as: 'agent1' },
  );
  const home = await db
    .selectFrom('occupancy')
    .where('personId', '=', wang.id)
    .select(['id', 'validFrom'])
    .executeTakeFirstOrThrow();
  const entry = { number: '13911110009', reason: '不要打' };
  const dnc = await post<{ id: string }>('/do-not-call', entry, { as: 'supervisor' });
  const unsure = { name: { 'zh-CN': '吃饭去了', en: 'Lunch' } };
  /** Each is done once with an effect, and then finds nothing to change. */
  const writes: readonly (readonly [
    as: string,
    method: string,
    where: string,
    body: object | undefined,
    status: number,
    code: string,
  ])[] = [
    ['agent3', 'POST', '/agents/me/session', { phone: 'sip' }, 409, 'agent.already_seated'],
    ['agent3', 'PUT', '/agents/me/presence', { presence: 'available' }, 409, 'agent.already_so'],
    [
      ...(['supervisor', 'PUT', `/agents/${agent}/presence`] as const),
      ...([{ presence: 'break', reason: 'lunch' }, 409, 'agent.already_so'] as const),
    ],
    ['agent3', 'DELETE', '/agents/me/session', undefined, 409, 'agent.not_seated'],
    ['supervisor', 'PATCH', `/queues/${queueId}`, { offerSec: 33 }, 409, 'request.unchanged'],
    [
      ...(['supervisor', 'PUT', `/queues/${queueId}/members`] as const),
      ...([{ staffIds: [agent] }, 409, 'request.unchanged'] as const),
    ],
    ['supervisor', 'PATCH', '/break-reasons/meal', unsure, 409, 'request.unchanged'],
    ['supervisor', 'PUT', `/agents/${agent}/skills`, { skills: [] }, 409, 'request.unchanged'],
    ['supervisor', 'PATCH', `/hotlines/${did}`, { language: 'en' }, 409, 'request.unchanged'],
    ['agent1', 'PATCH', `/work-orders/${number}`, { summary: '另一处' }, 409, 'request.unchanged'],
    [
      ...(['agent1', 'POST', `/work-orders/${number}/transitions`] as const),
      ...([{ to: 'accepted' }, 409, 'work_order.illegal_transition'] as const),
    ],
    [
      ...(['agent1', 'PATCH', `/owners/${wang.id}/phones/${phoneId}`] as const),
      ...([{ verifiedHow: 'in_person' }, 409, 'request.unchanged'] as const),
    ],
    [
      ...(['agent1', 'PATCH', `/owners/${wang.id}/homes/${home.id}`] as const),
      ...([{ validTo: home.validFrom }, 409, 'request.unchanged'] as const),
    ],
    [
      ...(['agent1', 'PUT', `/owners/${wang.id}/choices/survey`] as const),
      ...([{ isWanted: false, channels: [], hours: null }, 409, 'request.unchanged'] as const),
    ],
    ['agent1', 'DELETE', `/owners/${wang.id}/choices/survey`, undefined, 404, 'choice.not_found'],
    [
      ...(['supervisor', 'POST', `/do-not-call/${dnc.body.id}/lift`] as const),
      ...([{ reason: '改主意了' }, 409, 'do_not_call.lifted'] as const),
    ],
    [
      ...(['supervisor', 'POST', '/do-not-call/import'] as const),
      ...([{ text: '13911110010', reason: 'x' }, 409, 'do_not_call.nothing_new'] as const),
    ],
    ['admin', 'PATCH', `/staff/${agent}`, { isDisabled: true }, 409, 'request.unchanged'],
    ['admin', 'PATCH', `/staff/${agent}`, { siteIds: [room.estateId] }, 409, 'request.unchanged'],
  ];
  for (const [as, method, where, body, status, code] of writes) {
    const what = `${method} ${where}`;
    const key = randomUUID();
    const ask = (own?: string) =>
      api.request(where, {
        ...{ as, method },
        ...(body === undefined ? {} : { body }),
        ...(own === undefined ? {} : { key: own }),
      });
    const first = await ask(key);
    t.ok(first.status < 300, `${what}: ${first.status} ${JSON.stringify(first.body)}`);
    t.match(await ask(), { status, body: { code } }, `${what} again`);
    const { status: replayed, body: same } = await ask(key);
    t.same({ replayed, same }, { replayed: first.status, same: first.body }, `${what}, retried`);
  }
  const nothing: readonly (readonly [as: string, method: string, where: string, code: string])[] = [
    ['agent1', 'POST', `/offers/${randomUUID()}/decline`, 'offer.not_found'],
    ['agent1', 'DELETE', `/calls/${randomUUID()}/supervision`, 'permission.missing'],
    ['supervisor', 'DELETE', `/calls/${randomUUID()}/supervision`, 'call.not_found'],
    ['agent1', 'POST', `/calls/${randomUUID()}/hold`, 'call.not_found'],
    ['supervisor', 'POST', `/alarms/${alarmId}/acknowledge`, 'alarm.over'],
    ['supervisor', 'POST', `/alarms/${randomUUID()}/acknowledge`, 'alarm.not_found'],
    ['supervisor', 'DELETE', `/agents/${agent}/session`, 'agent.not_seated'],
  ];
  for (const [as, method, where, code] of nothing) {
    const before = await audited();
    const reply = await api.request(where, { as, method, body: {} });
    t.match(reply, { body: { code } }, `${method} ${where}`);
    t.ok(reply.status >= 400);
    t.equal(await audited(), before, 'what did not happen is not in the audit');
  }
  t.equal(made.status, 201);

  async function audited(): Promise<number> {
    const rows = await db
      .selectFrom('auditEntry')
      .where('act', 'not like', 'call.%')
      .where('act', '!=', 'session.created')
      .select('id')
      .execute();
    return rows.length;
  }
});

void t.test(
  '最近通话 are those in which one took part or which one missed, not everybody’s',
  async (t) => {
    const { db } = api.database;
    const [me, other] = [await api.staffId('agent5'), await api.staffId('agent4')];
    const ids = Array.from({ length: 7 }, () => newId());
    const [answered = '', handedOn = '', dialled = '', others = '', rang = ''] = ids;
    const [missed = '', takenBack = ''] = ids.slice(5);
    const at = new Date();
    await db
      .insertInto('call')
      .values(
        ids.map((id) => ({
          ...{ id, switchNode: 'one', direction: 'inbound' as const },
          ...{ callerNumber: '13800000001', did: '4000', state: 'ended', startedAt: at },
        })),
      )
      .execute();
    const talk = (callId: string, staffId: string) => ({
      ...{ id: newId(), callId, staffId, queueId: null, legId: randomUUID(), talkSince: at },
    });
    const talks = [
      [answered, me],
      [answered, me],
      [handedOn, me],
      [handedOn, other],
      [others, other],
    ];
    await db
      .insertInto('engagement')
      .values(talks.map(([callId = '', staffId = '']) => talk(callId, staffId)))
      .execute();
    await db
      .insertInto('outsideCall')
      .values({
        ...{ id: newId(), at, purpose: 'agent', number: '10010', staffId: me, callId: dialled },
        refusal: null,
      })
      .execute();
    const offer = (callId: string, staffId: string, result: OfferResult, afterMs = 0) => ({
      ...{ id: newId(), callId, staffId, queueId: null, kind: 'queue' as const, legId: null },
      ...{ fromStaffId: null, expiresAt: at, endedAt: at, result },
      madeAt: new Date(at.getTime() + afterMs),
    });
    await db
      .insertInto('offer')
      .values([
        offer(rang, me, 'unreachable'),
        offer(rang, me, 'declined', 5),
        offer(missed, me, 'no_answer'),
        offer(takenBack, me, 'withdrawn'),
        offer(answered, me, 'no_answer'),
        offer(others, other, 'no_answer'),
      ])
      .execute();
    const list = async (query: string) => {
      const { body } = await api.request(`/calls?${query}`, { as: 'agent5' });
      return body as { items: { id: string; missed: string | null }[]; nextCursor: string | null };
    };
    const whole = await list('mine=true');
    t.same(
      whole.items.map(({ id, missed }) => [id, missed]),
      [
        [missed, 'no_answer'],
        [rang, 'declined'],
        [dialled, null],
        [handedOn, null],
        [answered, null],
      ],
      'with those that were missed, and how; who talked in the end has missed nothing',
    );
    const one = await api.request(`/calls/${rang}`, { as: 'agent5' });
    t.match(one.body, { missed: 'declined' });
    t.match((await api.request(`/calls/${rang}`, { as: 'agent4' })).body, { missed: null });
    const first = await list('mine=true&limit=3');
    const second = await list(`mine=true&limit=3&cursor=${first.nextCursor ?? ''}`);
    t.same([...first.items, ...second.items], whole.items, 'page by page');
    t.equal((await list('limit=7')).items.length, 7, 'everybody’s are more');
  },
);

void t.test('the machinery', async (t) => {
  t.match(await api.request('/failed-jobs', { as: 'supervisor' }), { status: 403 });
  t.match(await api.request('/failed-jobs', { as: 'admin' }), {
    status: 503,
    body: { code: 'jobs.not_started' },
  });
  t.equal((await api.request('/system-notices', { as: 'supervisor' })).status, 403);
  const notices = await api.request('/system-notices', { as: 'admin' });
  const years = missingLists(new Date());
  t.same(notices.body, { items: years.map((year) => ({ kind: 'holidays_missing', year })) });
  const told: string[] = [];
  api.backbone.events.on('workOrder.raised', ({ number }) => void told.push(`on ${number}`));
  api.backbone.events.watch('workOrder.raised', ({ number }) => void told.push(`watch ${number}`));
  await api.backbone.start();
  const failed = await api.request('/failed-jobs', { as: 'admin' });
  t.match(failed, { status: 200, body: { items: [], nextCursor: null } });
  const { number } = (await raise()).body;
  await until('both to hear of the order', () =>
    ['on', 'watch'].every((how) => told.includes(`${how} ${number}`)),
  );
  const { body } = await api.request('/health');
  t.match(body, {
    parts: {
      jobs: { store: 'postgres', state: 'up', failed: 0 },
      messages: { store: 'postgres', state: 'up' },
      events: { state: 'leading' },
    },
  });
});

void t.test('the description of the API', async (t) => {
  const { body } = await api.request('/openapi.json');
  const { paths } = body as {
    paths: Record<string, Record<string, { responses: Record<string, { content?: unknown }> }>>;
  };
  const operations = Object.entries(paths).flatMap(([where, methods]) =>
    Object.entries(methods).map(([method, one]) => ({
      name: `${method.toUpperCase()} ${where}`,
      codes: Object.keys(one.responses),
      responses: one.responses,
    })),
  );
  t.ok(operations.length > 25);
  const silent = operations.filter(({ codes }) => !codes.some((code) => /^2\d\d$/.test(code)));
  t.same(
    silent.map((one) => one.name),
    [],
    'every operation says what it answers',
  );
  t.ok(operations.every(({ codes }) => codes.includes('4XX')));
  t.ok(paths['/api/v1/work-orders/{number}/transitions']?.['post']);
});

async function startVictim(url: string): Promise<{ port: number; kill(): void }> {
  const program = path.join(import.meta.dirname, '../support/api-process.ts');
  const child = spawn(process.execPath, ['--import=tsx', program], {
    env: { ...process.env, DATABASE_URL: url },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const port = await until('the other process', () => /port (\d+)/.exec(output)?.[1], {
    timeoutMs: 60_000,
  });
  return { port: Number(port), kill: () => void child.kill('SIGKILL') };
}
