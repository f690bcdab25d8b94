import t from 'tap';
import { sql } from 'kysely';
import { keepPopsFresh } from '../../src/lookup/fresh-pops.ts';
import { keepPops } from '../../src/lookup/pops.ts';
import { EventBus } from '../../src/core/messages/bus.ts';
import { silentLog } from '../../src/core/log.ts';
import type { EventMap } from '../../src/events.ts';
import { until } from '../support/until.ts';
import { buildPop, callerFacts, search } from '../../src/lookup/index.ts';
import {
  callForPop,
  contactsOf,
  openOrdersOf,
  peopleForPop,
  stepsOfCall,
} from '../../src/lookup/pop-queries.ts';
import { ordersBy, peopleBy, peopleById, roomsBy } from '../../src/lookup/search-queries.ts';
import { searchTerms } from '../../src/lookup/search-terms.ts';
import { systemClock } from '../../src/core/clock.ts';
import { newId } from '../../src/core/ids.ts';
import { Scope, type Pool } from '../../src/db/index.ts';

import { debtRows, seedDemo } from '../../src/property/index.ts';
import { seedDemoStaff } from '../../src/organisation/index.ts';
import { raiseOrder } from '../../src/workorders/index.ts';
import { createTestDatabase } from '../support/database.ts';

const wang = '13800000001';
const li = '13900000002';
const whole = Scope.everything('a test');

interface Told {
  callerNumber: string;
  did?: string;
  minutesAgo?: number;
  personId?: string | null;
  outcome?: string;
  events?: readonly [kind: string, data: Record<string, unknown>][];
}

/** A call as the hotline would have written it. */
async function givenCall(db: Pool, { callerNumber, did = '4000', ...told }: Told) {
  const { estateId } = await db
    .selectFrom('hotline')
    .select('estateId')
    .where('did', '=', did)
    .executeTakeFirstOrThrow();
  const id = newId();
  const startedAt = new Date(Date.now() - (told.minutesAgo ?? 0) * 60_000);
  await db
    .insertInto('call')
    .values({
      id,
      direction: 'inbound',
      state: 'in_flow',
      did,
      estateId,
      callerNumber,
      switchNode: 'test',
      startedAt,
      personId: told.personId ?? null,
      outcome: told.outcome ?? null,
    })
    .execute();
  for (const [at, [kind, data]] of (told.events ?? []).entries()) {
    await db
      .insertInto('callEvent')
      .values({ callId: id, seq: at + 1, at: startedAt, kind, data: JSON.stringify(data) })
      .execute();
  }
  return id;
}

async function personOf(db: Pool, number: string): Promise<string> {
  const row = await db
    .selectFrom('personPhone')
    .select('personId')
    .where('number', '=', number)
    .executeTakeFirstOrThrow();
  return row.personId;
}

async function staffId(db: Pool, username: string): Promise<string> {
  const row = await db
    .selectFrom('staff')
    .select('id')
    .where('username', '=', username)
    .executeTakeFirstOrThrow();
  return row.id;
}

void t.test('the desk', async (t) => {
  const database = await createTestDatabase();
  const { db } = database;
  t.teardown(() => database.drop());
  await seedDemo(db, new Date());
  await seedDemoStaff(db, 'a-test-password');
  const pop = async (callId: string) => {
    const found = await buildPop(db, systemClock, callId);
    if (found === undefined) throw new Error('no pop');
    return found;
  };

  await t.test(
    'given an owner who came through the menu, then their home, debt and way',
    async (t) => {
      const personId = await personOf(db, wang);
      const callId = await givenCall(db, {
        callerNumber: `+86${wang}`,
        events: [
          ['call.started', {}],
          ['flow.stepped', { node: 'menu', step: 1, action: 'collect' }],
          ['flow.keyPressed', { node: 'menu', key: '1' }],
          ['flow.stepped', { node: 'homes', step: 2, action: 'lookup' }],
          ['flow.stepped', { node: 'pin', step: 3, action: 'verifyPin' }],
          ['pin.checked', { result: 'wrong', personId }],
          ['flow.stepped', { node: 'pin', step: 4, action: 'verifyPin' }],
          ['pin.checked', { result: 'ok', personId }],
          ['flow.stepped', { node: 'menu', step: 5, action: 'collect' }],
          ['flow.keyPressed', { node: 'menu', key: '0' }],
        ],
      });
      const asked = {
        kind: 'repair',
        category: 'water',
        severity: 'minor',
        source: 'ivr',
        contactNumber: wang,
        language: 'zh-CN',
        summary: '水管漏水',
        personId,
        estateId: (await pop(callId)).estateId ?? '',
        roomId: (await pop(callId)).candidates[0]?.homes[0]?.roomId,
        ...{ callId: undefined, idempotencyKey: undefined },
        ...{ actor: 'test', timeZone: 'Asia/Shanghai' },
      } as const;
      const order = await raiseOrder(db, systemClock, asked);
      const shown = await pop(callId);
      t.match(shown, {
        callId,
        did: '4000',
        estateName: { 'zh-CN': '锦绣花园', en: 'Jinxiu Garden' },
        personId,
        isVerified: true,
        isEmergency: false,
      });
      t.equal(shown.candidates.length, 1);
      t.match(shown.candidates[0], {
        name: '王建国',
        homes: [
          {
            label: '3栋2单元1201',
            role: 'owner',
            unpaidCount: 2,
            unpaidFen: 37_300,
            openOrders: [{ number: order.number, summary: '水管漏水', state: 'new' }],
            openOrderCount: 1,
          },
        ],
      });
      t.same(
        shown.path.map(({ node, key }) => [node, key]),
        [
          ['menu', '1'],
          ['pin', null],
          ['menu', '0'],
        ],
      );
      for (let more = 0; more < 6; more += 1) {
        await raiseOrder(db, systemClock, { ...asked, summary: '又一张' });
      }
      const busy = (await pop(callId)).candidates[0]?.homes[0];
      t.same(
        [busy?.openOrders.length, busy?.openOrderCount],
        [5, 7],
        'five are shown, all are counted',
      );
      await db
        .updateTable('workOrder')
        .set({ state: 'cancelled' })
        .where('summary', '=', '又一张')
        .execute();
    },
  );

  await t.test(
    'pressed the emergency key: the screen says so before, during and after the wait',
    async (t) => {
      const callId = await givenCall(db, { callerNumber: wang });
      t.equal((await pop(callId)).isEmergency, false);
      await db
        .insertInto('alarm')
        .values({
          ...{ id: newId(), kind: 'emergency', raisedAt: new Date(), callId, queueId: null },
          ...{ estateId: null, acknowledgedBy: null, details: '{}', clearedAt: new Date() },
        })
        .execute();
      t.equal((await pop(callId)).isEmergency, true, 'without a place in a queue, and confirmed');
      t.equal((await pop(await givenCall(db, { callerNumber: wang }))).isEmergency, false);
    },
  );

  await t.test(
    'an order, a payment or a changed card shows on the screen during the call',
    async (t) => {
      const personId = await personOf(db, li);
      const callId = await givenCall(db, { callerNumber: li, did: '4000' });
      const other = await givenCall(db, { callerNumber: wang });
      const pops = keepPops(pop);
      const events = new EventBus<EventMap>(silentLog());
      const shown: string[] = [];
      keepPopsFresh({
        ...{ db, events, log: silentLog() },
        pops: () => pops,
        show: (id) => shown.push(id),
      });
      const home = (await pops.read(callId)).candidates[0]?.homes[0];
      await pops.read(other);
      t.same(home?.openOrders, []);
      const order = await raiseOrder(db, systemClock, {
        ...{ kind: 'complaint', category: 'noise', severity: 'minor', source: 'agent' },
        ...{ estateId: home?.estateId ?? '', contactNumber: li, language: 'zh-CN', summary: '吵' },
        ...{ roomId: home?.roomId, personId, callId, idempotencyKey: undefined, actor: 'test' },
        timeZone: 'Asia/Shanghai',
      });
      const tell = (name: keyof EventMap, payload: unknown) =>
        events.tell({ id: 1, name, payload, at: new Date() });
      const seen = () => pops.peek(callId)?.candidates[0];
      tell('workOrder.raised', { workOrderId: order.id, number: order.number });
      await until('the order is shown', () => seen()?.homes[0]?.openOrders.length === 1);
      await db.updateTable('person').set({ notes: '耳背' }).where('id', '=', personId).execute();
      tell('owner.changed', { personId });
      await until('the card is shown', () => seen()?.notes === '耳背');
      t.same(new Set(shown), new Set([callId]), 'on the screens that show this home, on no other');
      pops.forget(callId);
      pops.forget(other);
      t.same(pops.about({}), []);
    },
  );

  await t.test('given a stranger, or a withheld number, then no candidate', async (t) => {
    for (const callerNumber of ['13712340000', 'anonymous', '']) {
      const shown = await pop(await givenCall(db, { callerNumber }));
      t.same(shown.candidates, []);
      t.equal(shown.personId, null);
      t.equal(shown.isVerified, false);
    }
    t.equal(await buildPop(db, systemClock, newId()), undefined);
  });

  await t.test('given an owner of two homes, then that of the dialled hotline first', async (t) => {
    const labels = async (did: string) =>
      (await pop(await givenCall(db, { callerNumber: li, did }))).candidates[0]?.homes.map(
        (home) => home.label,
      );
    t.same(await labels('4000'), ['5栋1单元802', '1栋1单元1601']);
    t.same(await labels('4100'), ['1栋1单元1601', '5栋1单元802']);
  });

  await t.test('given a shared number, then all candidates, the named one first', async (t) => {
    const [first, second] = [await personOf(db, wang), await personOf(db, li)];
    const shared = '13600006000';
    for (const personId of [first, second]) {
      await db
        .insertInto('personPhone')
        .values({ id: newId(), personId, number: shared, isPrimary: false })
        .execute();
    }
    const open = await pop(await givenCall(db, { callerNumber: shared, did: '4100' }));
    t.same(
      open.candidates.map(({ name }) => name),
      ['李秀英', '王建国'],
      'she lives where was dialled, and is a VIP',
    );
    t.equal(open.personId, null, 'the agent chooses');
    const named = await pop(
      await givenCall(db, {
        callerNumber: shared,
        did: '4100',
        personId: first,
        events: [['pin.checked', { result: 'ok', personId: second }]],
      }),
    );
    t.equal(named.candidates[0]?.name, '王建国');
    t.equal(named.isVerified, false, 'it was the PIN of another person');
    await db.deleteFrom('personPhone').where('number', '=', shared).execute();
  });

  await t.test('given earlier calls, then the last contacts with agent and note', async (t) => {
    const personId = await personOf(db, li);
    const number = '13611112222';
    const agent = await staffId(db, 'agent2');
    await db
      .insertInto('personPhone')
      .values({ id: newId(), personId, number, isPrimary: false })
      .execute();
    const talked = await givenCall(db, {
      callerNumber: li,
      personId,
      minutesAgo: 60,
      outcome: 'order_made',
    });
    await db
      .insertInto('engagement')
      .values({
        id: newId(),
        callId: talked,
        staffId: agent,
        legId: newId(),
        talkSince: new Date(),
        note: '约好周三上门',
      })
      .execute();
    const unknown = await givenCall(db, { callerNumber: number, minutesAgo: 30 });
    const shown = await pop(await givenCall(db, { callerNumber: number }));
    const own = shown.candidates[0]?.lastContacts.filter(({ callId }) =>
      [talked, unknown].includes(callId),
    );
    t.match(own, [
      { callId: unknown, agentName: null, note: '' },
      { callId: talked, agentName: '客服 刘洋', note: '约好周三上门', outcome: 'order_made' },
    ]);

    await db
      .updateTable('person')
      .set({ accountStaffId: agent, flags: ['lives_alone'] })
      .where('id', '=', personId)
      .execute();
    const now = await givenCall(db, { callerNumber: li });
    t.same(await callerFacts(db, systemClock, now), {
      isVip: true,
      accountStaffId: agent,
      lastStaffId: agent,
    });
    t.same((await pop(now)).candidates[0]?.flags, ['lives_alone']);
    t.same(await callerFacts(db, systemClock, await givenCall(db, { callerNumber: '137' })), {
      isVip: false,
      accountStaffId: null,
      lastStaffId: null,
    });
  });

  await t.test('given what an agent has in hand, then the search finds it', async (t) => {
    const find = (q: string) => search(whole, db, systemClock, q, { seesNumbers: true });
    const names = async (q: string) => (await find(q)).people.map(({ name }) => name);
    t.same(await names('王建国'), ['王建国']);
    t.ok((await names('wangjianguo')).includes('王建国'));
    t.ok((await names('wjg')).includes('王建国'));
    t.ok((await names('Wang Jianguo')).includes('王建国'));
    t.same(await names(wang), ['王建国']);
    t.same(await names('138 0000 0001'), ['王建国']);
    t.ok((await names('0001')).includes('王建国'), 'the last digits');
    t.same(await names('100%'), [], 'no wildcard of the user');
    const rooms = async (q: string) => (await find(q)).rooms.map(({ label }) => label);
    const both = ['3栋2单元1201', '3栋2单元1201'];
    t.same(await rooms('3-2-1201'), both, 'one in each estate');
    t.same(await rooms('３栋２单元１２０１室'), both, 'full-width as a Chinese keyboard types');
    t.ok((await rooms('1201')).every((label) => label.endsWith('1201')));
    const jinxiu = (await find('3-2-1201')).rooms.find((one) =>
      one.estateName.en.includes('Jinxiu'),
    );
    t.same(
      jinxiu?.residents.map(({ name }) => name),
      ['王建国'],
    );
    const [order] = await db.selectFrom('workOrder').select('number').execute();
    t.equal((await find(order?.number ?? '')).orders[0]?.number, order?.number);
    t.equal((await find((order?.number ?? '').replace('-', ''))).orders.length, 1);
    const elsewhere = await search(
      Scope.of({ id: newId(), siteIds: [newId()] }),
      db,
      systemClock,
      '王建国',
      {
        seesNumbers: true,
      },
    );
    t.same(elsewhere, { people: [], rooms: [], orders: [] }, 'sites that one may not see');
  });

  await t.test('given any size of table, then each question has an index', async (t) => {
    const personId = await personOf(db, wang);
    const callId = await givenCall(db, { callerNumber: wang });
    const room = await db.selectFrom('room').select('id').executeTakeFirstOrThrow();
    const now = new Date('2026-11-24T04:00:00Z');
    const named = { number: wang, personId, now };
    const contacts = { personIds: [personId], number: wang, exceptCallId: callId };
    const terms = (q: string) => searchTerms(q, true);
    const found = (q: string) => peopleBy(terms(q))!;
    const plans = await db.transaction().execute(async (trx) => {
      // A small table is read whole for good reason; here only what is possible counts.
      await sql`SET LOCAL enable_seqscan = off`.execute(trx);
      const explained = async (
        what: string,
        query: { sql: string; parameters: readonly unknown[] },
      ) => {
        const text = query.parameters.reduceRight<string>(
          (all, value, at) => all.replaceAll(`$${at + 1}`, () => literal(value)),
          query.sql,
        );
        const { rows } = await sql<{ 'QUERY PLAN': string }>`explain ${sql.raw(text)}`.execute(trx);
        return `${what}\n${rows.map((row) => Object.values(row).join('')).join('\n')}`;
      };
      return [
        await explained('call', callForPop(trx, callId).compile()),
        await explained('steps', stepsOfCall(trx, callId, new Date()).compile()),
        await explained('people', peopleForPop(trx, named).compile()),
        await explained('debts', debtRows(trx, [room.id], now).compile()),
        await explained('orders', openOrdersOf(trx, [room.id]).compile()),
        await explained('contacts', contactsOf(trx, contacts).compile()),
        await explained('name', found('王').compile(trx)),
        await explained('pinyin', found('wang').compile(trx)),
        await explained('phone', found('0001').compile(trx)),
        await explained('person', peopleById(whole, trx, [personId], now).compile()),
        await explained('room', roomsBy(whole, trx, terms('1201'), now)!.compile()),
        await explained('label', roomsBy(whole, trx, terms('3-2-1201'), now)!.compile()),
        await explained('order', ordersBy(whole, trx, terms('261124-00'))!.compile()),
      ];
    });
    const bounded = /Seq Scan on (?:estate|staff)\b/g;
    for (const plan of plans) {
      t.notMatch(plan.replaceAll(bounded, ''), /Seq Scan/, plan);
    }
    t.match(
      plans.find((one) => one.startsWith('orders')),
      /work_order_open_room/,
    );
  });
});

function literal(value: unknown): string {
  const text = value instanceof Date ? value.toISOString() : String(value);
  return typeof value === 'number' ? text : `'${text.replaceAll("'", "''")}'`;
}
