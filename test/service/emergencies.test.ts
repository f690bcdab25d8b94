/**
 * With a broken voice three duty phones were dialled within five seconds, none was hung up, and nothing of it stood
 * in the log.
 */
import t from 'tap';
import { Alarms, type LiveAlarm } from '../../src/agents/acd/emergencies/alarms.ts';
import { Emergencies } from '../../src/agents/acd/emergencies/emergencies.ts';
import type { OutsideEndpoint } from '../../src/agents/acd/sessions/endpoints.ts';
import { systemClock as clock } from '../../src/core/clock.ts';
import { newId } from '../../src/core/ids.ts';
import { silentLog } from '../../src/core/log.ts';
import { LiveLeg } from '../../src/cti/leg/live-leg.ts';
import type { LiveCall } from '../../src/cti/call/live-call.ts';
import type { DialLegOptions } from '../../src/cti/call/dial.types.ts';
import type { SwitchLink } from '../../src/cti/call/link.ts';
import { openAcd } from '../support/acd.ts';
import { until } from '../support/until.ts';

interface Rung {
  number: string;
  leg: LiveLeg;
  isHungUp: boolean;
}

void t.test('the duty ladder', async (t) => {
  const it = await openAcd();
  t.teardown(() => it.close());
  const { db, acd, seats } = it;
  const phones = ['13900000011', '13900000012', '13900000013'];
  await db.deleteFrom('dutyPhone').execute();
  for (const [at, number] of phones.entries()) {
    const facts = { id: newId(), estateId: null, place: at + 1, name: `值班${at + 1}`, number };
    await db.insertInto('dutyPhone').values(facts).execute();
  }
  const shown: LiveAlarm[] = [];
  const rung: Rung[] = [];
  const voice = { isBroken: false };
  const dial = ({ callId, endpoint }: DialLegOptions): LiveLeg => {
    const { number } = endpoint as OutsideEndpoint;
    const leg = new LiveLeg({
      link,
      ...{ id: newId(), callId, role: 'outside', switchNode: 'a', number, variables: {} },
      ...{ isAnswered: false, onAnswered: () => undefined, onGone: () => undefined },
    });
    rung.push({ number, leg, isHungUp: false });
    return leg;
  };
  /** Of the telephones that ring: a switch that hangs up at once. */
  const link: SwitchLink = {
    api(command) {
      const one = rung.find(({ leg: { id } }) => command.startsWith(`uuid_kill ${id} `));
      if (one !== undefined) one.isHungUp = true;
      one?.leg.end('NORMAL_CLEARING');
      return Promise.resolve('+OK');
    },
    run: () => Promise.resolve('+OK'),
    dial,
  };
  const log = silentLog();
  const alarms = new Alarms({ db, clock, log, board: { showAlarm: (one) => shown.push(one) } });
  const emergencies = new Emergencies(
    {
      ...{ db, acd, seats, log, trunks: ['trunk'] },
      outside: ({ number }) => Promise.resolve({ kind: 'gateway', gateway: 'trunk', number }),
      tts: {
        render: () =>
          voice.isBroken ? Promise.reject(new Error('no voice')) : Promise.resolve('/question.wav'),
      },
    },
    alarms,
  );
  t.teardown(() => emergencies.stop());
  const request = {
    ...{ step: 's', queue: 'emergency', isEmergency: true, language: 'zh-CN' as const },
    estateId: null,
  };
  const inNeed = async () => {
    rung.length = 0;
    const call = await it.comes({ dial });
    const waiter = it.waiter(call);
    acd.enter({ ...it.callerOf(call), isEmergency: true }, waiter);
    await emergencies.raise(call, request);
    return { call, waiter };
  };
  const phone = (at: number) =>
    until(`duty phone ${at + 1} of this emergency`, () => rung[at], { timeoutMs: 10_000 });
  const answers = ({ leg }: Rung) =>
    leg.onEvent({ 'Event-Name': 'CHANNEL_PARK', 'Unique-ID': leg.id });
  const isOpen = (kind: LiveAlarm['kind'], call: LiveCall) =>
    alarms.find(kind, call.id) !== undefined;
  const over = (call: LiveCall) => {
    acd.leave(call.id, 'abandoned');
    call.end('NORMAL_CLEARING');
    emergencies.end(call.id);
  };

  await t.test('given a broken voice, then whoever answers gets the caller', async (t) => {
    voice.isBroken = true;
    const { call, waiter } = await inNeed();
    answers(await phone(0));
    await until('the caller to be handed over', () => waiter.ends.length === 1);
    t.match(waiter.ends, [{ kind: 'answered', party: { label: '值班1' } }]);
    t.equal(rung.length, 1, 'no other telephone was rung');
    t.notOk(rung[0]?.isHungUp, 'and theirs is not put down');
    t.notOk(isOpen('emergency', call), 'the alarm is settled');
    voice.isBroken = false;
    over(call);
  });

  await t.test('one telephone at a time, each is hung up, and nobody is an alarm', async (t) => {
    const { call, waiter } = await inNeed();
    const first = await phone(0);
    t.equal(rung.length, 1);
    first.leg.end('NO_ANSWER');
    const second = await phone(1);
    t.equal(rung.length, 2);
    answers(second);
    // Somebody puts it down without a word.
    second.leg.end('NORMAL_CLEARING');
    const third = await phone(2);
    third.leg.end('USER_BUSY');
    await until('the alarm that nobody was reached', () => isOpen('nobody_reached', call));
    t.match(
      shown.findLast((one) => one.kind === 'nobody_reached'),
      { callId: call.id, details: { count: 3 }, clearedAt: null },
    );
    const again = await phone(3);
    t.equal(again.number, phones[0], 'and it goes on from the first');
    answers(again);
    const key = { 'Event-Name': 'DTMF', 'Unique-ID': again.leg.id, 'DTMF-Digit': '1' };
    await until('the key to be heard', () => {
      again.leg.onEvent(key);
      return waiter.ends.length === 1;
    });
    t.notOk(isOpen('nobody_reached', call), 'a person settles both alarms');
    over(call);
    const told = await until('the timeline', async () => {
      const rows = await db
        .selectFrom('callEvent')
        .select('kind')
        .where('callId', '=', call.id)
        .where('kind', 'like', 'duty.%')
        .orderBy('seq')
        .execute();
      return rows.length === 9 && rows.map(({ kind }) => kind.slice('duty.'.length));
    });
    t.same(told, [
      ...['rung', 'missed', 'rung', 'missed', 'rung', 'missed', 'exhausted', 'rung', 'confirmed'],
    ]);
  });

  await t.test('while every agent talks, the duty phones ring at once', async (t) => {
    const agent1 = it.staffId('agent1');
    await it.seat('agent1');
    seats.engage(agent1, 'talking', newId());
    const { call } = await inNeed();
    // Sooner than the fifteen seconds that agents who are free are given.
    t.equal((await phone(0)).number, phones[0]);
    over(call);
    seats.engage(agent1, 'idle', null);
    await seats.leave(agent1);
  });

  await t.test(
    'a caller who leaves before anybody answers leaves an alarm, and no ringing',
    async (t) => {
      const { call } = await inNeed();
      const first = await phone(0);
      over(call);
      await until('the telephone to be put down', () => first.isHungUp);
      await until('the alarm', () => isOpen('nobody_reached', call));
      t.equal(rung.length, 1);
      const row = await until('the alarm to be written', () =>
        db
          .selectFrom('alarm')
          .select('raisedAt')
          .where('callId', '=', call.id)
          .where('kind', '=', 'nobody_reached')
          .executeTakeFirst(),
      );
      t.ok(row);
    },
  );
});
