/**
 * Symptoms of issue 15, D (cases 20, 21, 23, 24): homes and bills changed at the server's midnight, sixty
 * bills were fifty, a call said more than the ledger, and one home of two owners was two.
 */
import t from 'tap';
import fc from 'fast-check';
import { Alarms, type LiveAlarm } from '../../src/agents/acd/emergencies/alarms.ts';
import { watchPins } from '../../src/agents/acd/emergencies/pin-alarms.ts';
import { EventBus } from '../../src/core/messages/bus.ts';
import { newId } from '../../src/core/ids.ts';
import { silentLog } from '../../src/core/log.ts';
import { Scope, type BillKind } from '../../src/db/index.ts';
import type { EventMap } from '../../src/events.ts';
import { debtsOf, homesOf, localDay, readOwner, unpaidBills } from '../../src/property/index.ts';
import { spokenDebt } from '../../src/ivr/index.ts';
import { tellApart } from '../../src/ivr/homes.ts';
import { lookUp } from '../../src/ivr/actions/look-up.ts';
import { formats } from '../../src/content/flows/speech.ts';
import { hashPin, verifyPin } from '../../src/property/index.ts';
import { createTestDatabase } from '../support/database.ts';

const shanghai = 'Asia/Shanghai';
const whole = Scope.everything('a test');
const clockAt = (iso: string) => ({ now: () => new Date(iso) });

void t.test('days and debts', async (t) => {
  const database = await createTestDatabase();
  t.teardown(() => database.drop());
  const { db } = database;

  const estate = async (name: string, timeZone = shanghai) => {
    const [id, buildingId, unitId] = [newId(), newId(), newId()];
    const code = id.slice(-6);
    await db
      .insertInto('estate')
      .values({ id, code, name, nameEn: name, city: '', address: '', timeZone })
      .execute();
    await db
      .insertInto('building')
      .values({ id: buildingId, estateId: id, number: '3', floors: 9 })
      .execute();
    await db.insertInto('unit').values({ id: unitId, buildingId, number: '2' }).execute();
    return {
      id,
      async room(label: string) {
        const roomId = newId();
        await db
          .insertInto('room')
          .values({
            ...{ id: roomId, estateId: id, unitId, number: roomId.slice(-8), floor: 1, label },
            ...{ areaCm2: 1, layout: '', state: 'occupied' },
          })
          .execute();
        return roomId;
      },
    };
  };
  const person = async (number: string, pinHash: string | null = null) => {
    const id = newId();
    await db
      .insertInto('person')
      .values({ id, name: '夜', namePinyin: 'ye y', isVip: false, pinHash })
      .execute();
    await db
      .insertInto('personPhone')
      .values({ id: newId(), personId: id, number, isPrimary: true })
      .execute();
    return id;
  };
  const occupy = (
    personId: string,
    roomId: string,
    more: { validFrom?: string; validTo?: string; role?: 'owner' | 'tenant' } = {},
  ) =>
    db
      .insertInto('occupancy')
      .values({ id: newId(), personId, roomId, role: 'owner', validFrom: '2020-01-01', ...more })
      .execute();
  const bill = (roomId: string, period: string, amountFen: number, dueOn: string, kind = 'water') =>
    db
      .insertInto('bill')
      .values({ id: newId(), roomId, kind: kind as BillKind, period, amountFen, dueOn })
      .execute();
  const garden = await estate('夜花园');
  const homes = async (callerNumber: string, iso: string) => {
    const facts = {
      id: newId(),
      callerNumber,
      isNumberVerified: true,
      hotline: { estateId: garden.id },
    };
    const parts = { db, clock: clockAt(iso) };
    const state = { vars: {} };
    const found: unknown = await lookUp(parts as never, facts as never, state as never, 'homes');
    return found as { result: string; vars: { homes: { roomId: string; personId: string }[] } };
  };

  await t.test('at half past midnight, homes and debts are those of the new day', async (t) => {
    const [comes, goes] = [await garden.room('1栋1单元101'), await garden.room('1栋1单元102')];
    const [newcomer, former] = [await person('13924000011'), await person('13924000012')];
    await occupy(newcomer, comes, { validFrom: '2026-12-01' });
    await occupy(former, goes, { validTo: '2026-11-30' });
    await bill(comes, '2026-11', 10_000, '2026-12-01');
    const [before, after] = ['2026-11-30T15:59:59Z', '2026-11-30T16:30:00Z'];
    t.match(await homes('13924000011', before), { result: 'none' });
    t.match(await homes('13924000011', after), { result: 'one' });
    t.match(await homes('13924000012', before), { result: 'one' });
    t.match(await homes('13924000012', after), { result: 'none' });
    t.equal((await debtsOf(db, [comes], new Date(before))).get(comes)?.fen, 0);
    t.equal((await debtsOf(db, [comes], new Date(after))).get(comes)?.fen, 10_000);
    t.match(await readOwner(whole, db, newcomer, new Date(after)), {
      unpaidFen: 10_000,
      notDueFen: 0,
    });
    t.match(await readOwner(whole, db, newcomer, new Date(before)), { unpaidFen: 0, bills: [] });
  });

  await t.test('whatever the zone, the statement counts the same day as the code', async (t) => {
    const zones = [shanghai, 'America/Los_Angeles', 'Asia/Urumqi', 'Pacific/Auckland', 'UTC'];
    const rooms = new Map<string, string>();
    for (const zone of zones) {
      const room = await (await estate(zone, zone)).room('1栋1单元101');
      await bill(room, '2026-11', 1, '2026-12-01');
      rooms.set(zone, room);
    }
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...zones),
        fc.integer({ min: -16 * 60, max: 16 * 60 }),
        async (zone, minutes) => {
          const now = new Date(Date.UTC(2026, 11, 1) + minutes * 60_000);
          const room = rooms.get(zone) ?? '';
          const debt = (await debtsOf(db, [room], now)).get(room);
          return (debt?.count === 1) === localDay(now, zone) >= '2026-12-01';
        },
      ),
      { numRuns: 60 },
    );
    t.end();
  });

  await t.test('sixty bills are sixty, told in one sum wherever it is asked', async (t) => {
    const room = await garden.room('2栋1单元201');
    for (let at = 0; at < 60; at += 1) {
      const period = `${2021 + Math.floor(at / 12)}-${String((at % 12) + 1).padStart(2, '0')}`;
      await bill(room, period, 10_000, `${period}-25`);
    }
    const now = new Date('2026-11-30T04:00:00Z');
    const bills = await unpaidBills(db, room, now);
    t.equal(bills.length, 60);
    t.equal(
      bills.reduce((sum, one) => sum + one.amountFen, 0),
      600_000,
    );
    const spoken = await spokenDebt(db, room, now);
    t.match(spoken, { count: 60, total: 600_000 });
    const text = formats.bills(spoken['unpaid'] ?? null, 'zh-CN');
    t.match(text, /其余四十九笔，共四千九百元。$/, 'nobody listens to sixty');
  });

  await t.test('what is not due yet is told apart', async (t) => {
    const room = await garden.room('2栋1单元202');
    await bill(room, '2026-09', 10_000, '2026-10-10');
    await bill(room, '2026-12', 30_000, '2026-12-25', 'property');
    const now = new Date('2026-11-30T04:00:00Z');
    const spoken = await spokenDebt(db, room, now);
    t.match(spoken, { count: 1, total: 10_000 });
    t.match(
      formats.bills(spoken['unpaid'] ?? null, 'zh-CN'),
      /另有一笔尚未到期，共三百元，不计入合计。$/,
    );
    const debt = (await debtsOf(db, [room], now)).get(room);
    t.same(debt, { count: 1, fen: 10_000, laterCount: 1, laterFen: 30_000 });
    const onlyLater = await spokenDebt(db, room, now, ['property']);
    t.match(onlyLater, { count: 0, total: 0, laterCount: 1 });
    t.equal(
      formats.bills(onlyLater['later'] ?? null, 'zh-CN'),
      '二零二六年十二月物业费，三百元，十二月二十五日到期。',
      'the hotline says what comes, and when',
    );
  });

  await t.test('joint owners of one home have one home, and either PIN opens it', async (t) => {
    const number = '13924000001';
    const room = await garden.room('3栋2单元1201');
    const [first, second] = [
      await person(number, await hashPin('1357')),
      await person(number, await hashPin('2468')),
    ];
    await occupy(first, room);
    await occupy(first, room, { role: 'tenant' });
    await occupy(second, room);
    const found = await homes(number, '2026-11-30T04:00:00Z');
    t.match(found, { result: 'one', vars: { homes: [{ roomId: room }] } });
    const personId = found.vars.homes[0]?.personId ?? '';
    const others = [first, second].filter((id) => id !== personId);
    const clock = clockAt('2026-11-30T04:00:00Z');
    for (const [pin, owner] of [
      ['1357', first],
      ['2468', second],
    ] as const) {
      t.same(await verifyPin(db, clock, { personId, others, number, pin }), {
        ...{ result: 'ok', personId: owner },
      });
    }
    t.match(await verifyPin(db, clock, { personId, others, number, pin: '0000' }), {
      ...{ result: 'wrong', triesLeft: 2 },
    });
  });

  await t.test(
    'guesses from ever new numbers are a few a day, locked for longer, audited and an alarm',
    async (t) => {
      const room = await garden.room('4栋1单元101');
      const owner = await person('13924000009', await hashPin('9753'));
      await occupy(owner, room);
      const bus = new EventBus<EventMap>(silentLog());
      const shown: LiveAlarm[] = [];
      let at = new Date('2026-11-30T04:00:00Z');
      const clock = { now: () => at };
      const alarms = new Alarms({
        ...{ db, clock, log: silentLog() },
        board: { showAlarm: (one) => shown.push(one) },
      });
      watchPins({ db, clock, events: bus }, alarms);
      let last = 0;
      /** As the outbox tells it: at least once. */
      const tell = async () => {
        const rows = await db
          .selectFrom('outbox')
          .selectAll()
          .where('id', '>', last)
          .where('name', '=', 'pin.locked')
          .orderBy('id')
          .execute();
        for (const row of [...rows, ...rows]) await bus.deliver({ ...row, at });
        last = rows.at(-1)?.id ?? last;
      };
      let guessed = 0;
      const guess = async (pin = '0000') => {
        guessed += 1;
        const number = `1392500${String(guessed).padStart(4, '0')}`;
        return (await verifyPin(db, clock, { personId: owner, number, pin })).result;
      };
      t.same([await guess(), await guess(), await guess()], ['wrong', 'wrong', 'locked']);
      await tell();
      t.same(shown, [], 'the first is a slip of memory');
      at = new Date('2026-11-30T04:31:00Z');
      t.same([await guess(), await guess(), await guess()], ['wrong', 'wrong', 'locked']);
      at = new Date('2026-12-01T03:59:00Z');
      t.equal(await guess('9753'), 'locked', 'no more that day, not even the right one');
      await tell();
      t.match(shown, [{ kind: 'pin_guessed', details: { locks: 2 } }]);
      t.equal(shown.length, 1);
      const rows = await db
        .selectFrom('auditEntry')
        .selectAll()
        .where('act', '=', 'pin.locked')
        .where('subject', '=', owner)
        .execute();
      t.equal(rows.length, 2, 'one for each lock, however often it is told');
      at = new Date('2026-12-01T04:01:00Z');
      t.equal(await guess('9753'), 'ok');
    },
  );

  await t.test('homes with the same end of their number are told apart', async (t) => {
    const number = '13924000002';
    const owner = await person(number);
    for (const label of ['3栋2单元1301', '5栋1单元1301']) {
      await occupy(owner, await garden.room(label));
    }
    const now = new Date('2026-11-30T04:00:00Z');
    const said = async () =>
      tellApart(await homesOf(db, number, garden.id, now)).map(({ room, label }) => room ?? label);
    t.same(await said(), ['3栋', '5栋']);
    await occupy(owner, await garden.room('3栋1单元1401'));
    t.same(await said(), ['3栋1单元', '3栋2单元', '5栋1单元']);
    await occupy(owner, await garden.room('3栋1单元2301'));
    t.same(await said(), ['3栋1单元1401', '3栋1单元2301', '3栋2单元1301', '5栋1单元1301']);
    t.match(
      formats.choices([{ estate: '夜花园', label: '01', room: '3栋1单元2301' }], 'zh-CN'),
      /^夜花园，三栋一单元二三零一，请按一。$/,
    );
  });
});
