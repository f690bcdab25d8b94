import t from 'tap';
import { call, everyRowClosed } from '../support/calls.ts';
import { openTalks } from '../support/talks.ts';
import { logged } from '../support/trouble.ts';
import { until } from '../support/until.ts';
import { startWired } from '../support/wired.ts';

/** Who leaves at a moment that is neither before nor after something, and whoever is left behind. */
void t.test('people who leave in between', async (t) => {
  const { phone, sw, wire, service } = await startWired(t);
  const talks = openTalks(service, phone);
  const { act, desk } = talks;
  await talks.seat('agent1', '9001');
  const isIdle = (who: string) =>
    until(`${who} to be idle`, async () => (await desk(who))?.agent.engagement === 'idle');
  const tidy = async (who: string) => {
    const { callId } = await talks.wrapUp(who);
    await act(who, `/calls/${callId}/wrap-up`, 'POST', { reasonCode: 'other' });
  };
  const waiting = (count: number) =>
    until(`${count} to wait`, async () => (await talks.wall()).waiting.length === count);
  const rang = (number: string) => phone.calls.filter((one) => one.session.to.user === number);

  await t.test('given an own telephone that is busy, then who dials is free again', async () => {
    phone.behaviour = { status: 486 };
    await act('agent1', '/calls', 'POST', { number: '13712346001' });
    await isIdle('agent1');
    phone.behaviour = 'answer';
  });

  await t.test('given an agent who thinks better of it, then nobody rings on', async (t) => {
    const dialled = act('agent1', '/calls', 'POST', { number: '13712346002' });
    await talks.takenBy('9001', 700);
    phone.behaviour = 'ring';
    const { callId } = await dialled;
    const customer = await talks.takenBy('13712346002', 1000);
    await act('agent1', `/calls/${String(callId)}/hangup`);
    await until('the customer not to ring', () => customer.end !== undefined);
    phone.behaviour = 'answer';
    const note = { reasonCode: 'other', note: '无人接听，明天再打' };
    await talks.wrapUp('agent1');
    await act('agent1', `/calls/${String(callId)}/wrap-up`, 'POST', note);
    const row = await service.database.db
      .selectFrom('engagement')
      .where('callId', '=', String(callId))
      .select(['note', 'endedAt'])
      .executeTakeFirst();
    t.match(row, { note: note.note, endedAt: Date }, 'what they wrote is kept');
  });

  await t.test(
    'given a caller who hangs up on the promise of a call, and one behind them, then both are served',
    async (t) => {
      await talks.away('agent1');
      const first = await call(service, '13712346003', '!0');
      await waiting(1);
      const second = await call(service, '13712346004', '!0');
      await waiting(2);
      await first.press('1');
      await until('the place to be kept', async () => {
        const rows = await service.database.db
          .selectFrom('queueEntry')
          .where('state', '=', 'callback')
          .select('callId')
          .execute();
        return rows.length === 1;
      });
      first.hangup();
      await first.close();
      // Nobody is called back on a line that is busy: whoever is behind them would be served first.
      await until('the call to be over', async () => (await talks.wall()).calls.length === 1);
      await talks.free('agent1');
      await talks.takenBy('13712346003', 1000);
      const { direction } = await talks.inMode('agent1', 'talking');
      t.equal(direction, 'outbound');
      rang('13712346003').at(-1)!.session.hangup();
      await tidy('agent1');
      await talks.inMode('agent1', 'talking');
      second.hangup();
      await second.close();
      await tidy('agent1');
    },
  );

  await t.test(
    'given a telephone that rings, when its caller chooses to be called, then its agent is free for others',
    async () => {
      phone.behaviour = 'ring';
      const first = await call(service, '13712346005', '!0');
      const ringing = await talks.takenBy('9001', 700);
      phone.behaviour = 'answer';
      await first.press('1');
      await until('the telephone to be quiet', () => ringing.end !== undefined);
      await first.close();
      await talks.takenBy('13712346005', 1000);
      await talks.inMode('agent1', 'talking');
      rang('13712346005').at(-1)!.session.hangup();
      await tidy('agent1');
    },
  );

  await t.test(
    'given a telephone that stops ringing while the wire is cut, then the caller is offered again',
    async () => {
      phone.behaviour = 'ring';
      const caller = await call(service, '13712346007', '!0');
      const ringing = await talks.takenBy('9001', 700);
      const lost = logged(service, 'switch connection lost').length;
      wire.cut();
      await until('the loss', () => logged(service, 'switch connection lost').length > lost);
      ringing.session.hangup({ status: 486 });
      await until('the switch to know', async () => {
        const listed = await sw.esl.api('show channels count');
        return listed.trim() === '1 total.';
      });
      phone.behaviour = 'answer';
      wire.mend();
      await talks.inMode('agent1', 'talking');
      caller.hangup();
      await caller.close();
      await tidy('agent1');
    },
  );

  await t.test(
    'given a caller who leaves as the agent answers, then the agent is free',
    async () => {
      for (const number of ['13712346011', '13712346012', '13712346013']) {
        phone.behaviour = 'ring';
        const caller = await call(service, number, '!0');
        const ringing = await talks.takenBy('9001', 700);
        ringing.answer();
        await until('the answer to be seen', async () => {
          const { agent } = (await desk('agent1'))!;
          return agent.engagement !== 'offered';
        });
        caller.hangup();
        await caller.close();
        await until('the telephone to be put down', () => ringing.end !== undefined);
        const view = await until('the agent to be free', async () => {
          const found = (await desk('agent1'))!;
          return found.agent.engagement !== 'talking' && found;
        });
        if (view.wrapUp !== null) await tidy('agent1');
      }
      phone.behaviour = 'answer';
    },
  );

  await t.test(
    'given calls that are over, then screens keep nothing of the old ones',
    async (t) => {
      const { db } = service.database;
      const calls = db.selectFrom('call').select('id').limit(1);
      const newest = await calls.orderBy('startedAt', 'desc').executeTakeFirstOrThrow();
      const oldest = await db
        .selectFrom('engagement')
        .select('callId')
        .orderBy('talkSince')
        .limit(1)
        .executeTakeFirstOrThrow();
      const draft = { summary: '补记' };
      await act('agent1', `/calls/${newest.id}/draft`, 'PUT', draft);
      await t.rejects(act('agent1', `/calls/${oldest.callId}/draft`, 'PUT', draft));
    },
  );

  await t.test('given a missed call, then the telephone does not ring again', async (t) => {
    const queues = (await act('supervisor', '/queues', 'GET'))['items'] as {
      queueId: string;
      code: string;
    }[];
    const { queueId } = queues.find((one) => one.code === 'general')!;
    await act('supervisor', `/queues/${queueId}`, 'PATCH', { offerSec: 5 });
    phone.behaviour = 'ring';
    const before = rang('9001').length;
    const caller = await call(service, '13712346006', '!0');
    await until('the break', async () => (await desk('agent1'))?.agent.presence === 'break');
    await isIdle('agent1');
    t.equal(rang('9001').length, before + 1);
    caller.hangup();
    await caller.close();
    await waiting(0);
  });

  await t.test(
    'given a promise of a call, then who calls again is served, and called no more',
    async (t) => {
      phone.behaviour = 'answer';
      await talks.away('agent1');
      const entries = () =>
        service.database.db
          .selectFrom('queueEntry')
          .innerJoin('call', 'call.id', 'queueEntry.callId')
          .where('call.callerNumber', '=', '13712346010')
          .select('queueEntry.state')
          .orderBy('call.id')
          .execute();
      const states = async () => (await entries()).map(({ state }) => state).join(' ');
      const first = await call(service, '13712346010', '!0');
      await waiting(1);
      await first.press('1');
      await until('the place to be kept', async () => (await states()) === 'callback');
      first.hangup();
      await first.close();
      await everyRowClosed(service);
      const again = await talks.comes('13712346010', 1000);
      await until('both entries', async () => (await states()) === 'callback waiting');
      await talks.free('agent1');
      const { direction } = await talks.inMode('agent1', 'talking');
      t.equal(direction, 'inbound', 'they are answered, not called');
      await until('the promise to be kept', async () => (await states()) === 'answered answered');
      again.hangup();
      await again.close();
      await tidy('agent1');
      await isIdle('agent1');
      t.equal(rang('13712346010').length, 0);
    },
  );

  await t.test('given numbers abroad, charged ones and 110, then nobody is rung', async (t) => {
    const before = phone.calls.length;
    for (const [number, code] of [
      ['00902125550100', 'dial.international'],
      ['+902125550100', 'dial.international'],
      ['16885888', 'dial.premium'],
      ['110', 'dial.emergency'],
      ['1795100902125550100', 'dial.not_allowed'],
    ] as const) {
      const dialled = act('agent1', '/calls', 'POST', { number });
      await t.rejects(dialled, { message: new RegExp(`"code":"${code}"`) }, number);
    }
    t.equal(phone.calls.length, before);
    await isIdle('agent1');
    const refused = await service.database.db
      .selectFrom('auditEntry')
      .select('act')
      .where('act', '=', 'dial.refused')
      .execute();
    t.equal(refused.length, 5, 'each is in the audit');
    // A stranger's claimed number, kept as a promise by an older version, is not called either.
    await talks.away('agent1');
    const foreign = await call(service, '00902125550100', '!0');
    await waiting(1);
    await foreign.press('1');
    foreign.hangup();
    await foreign.close();
    await everyRowClosed(service);
    const kept = await service.database.db
      .selectFrom('queueEntry')
      .select('callId')
      .where('state', '=', 'callback')
      .execute();
    t.same(kept, [], 'no call is promised to it');
  });

  await t.test('given a service that dies in the promise of a call, then it is kept', async (t) => {
    phone.behaviour = 'answer';
    const caller = await call(service, '13712346008', '!0');
    await waiting(1);
    await caller.press('1');
    const entry = () =>
      service.database.db
        .selectFrom('queueEntry')
        .innerJoin('call', 'call.id', 'queueEntry.callId')
        .where('call.callerNumber', '=', '13712346008')
        .select('queueEntry.state')
        .executeTakeFirst();
    await until('the place to be kept', async () => (await entry())?.state === 'callback');
    await service.kill();
    await service.start();
    await until('the call to be taken up', () => logged(service, 'call adopted').length > 0);
    caller.hangup();
    await caller.close();
    await until('the wall', async () => (await talks.wall()).calls.length === 0);
    t.equal((await entry())?.state, 'callback');
    await talks.free('agent1');
    await talks.takenBy('13712346008', 1000);
    await talks.inMode('agent1', 'talking');
    rang('13712346008').at(-1)!.session.hangup();
    await tidy('agent1');
  });
});
