import t from 'tap';
import { agentsOf } from '../support/api-parts.ts';
import { openAcd } from '../support/acd.ts';
import { until } from '../support/until.ts';
import { agentView, routingAgent } from '../../src/agents/acd/sessions/seat.ts';
import { loadWaits, Waits } from '../../src/agents/acd/queues/figures.ts';
import { EventBus } from '../../src/core/messages/bus.ts';
import { systemClock } from '../../src/core/clock.ts';
import { silentLog } from '../../src/core/log.ts';
import type { EventMap } from '../../src/events.ts';

void t.test('callers and agents whose moments cross', async (t) => {
  const it = await openAcd();
  t.teardown(() => it.close());
  const { acd, seats, rung, queueId, callbacks } = it;
  const agent1 = it.staffId('agent1');
  const agent2 = it.staffId('agent2');
  const rings = (staffId: string, callId: string) =>
    until('the telephone', () =>
      rung.find((one) => one.staffId === staffId && one.callId === callId && !one.leg.gone.aborted),
    );
  const free = (staffId: string) => {
    if (seats.get(staffId)?.engagement !== 'idle') seats.engage(staffId, 'idle', null);
    seats.phones.setReady(staffId, true);
    seats.setPresence(staffId, 'available', null);
  };
  const away = (staffId: string) => seats.setPresence(staffId, 'break', 'training');
  await it.seat('agent1');

  await t.test(
    'given a missed call, then nothing is offered to whoever is on a break for it',
    async (t) => {
      const call = await it.comes();
      acd.enter(it.callerOf(call), it.waiter(call));
      const ringing = await rings(agent1, call.id);
      ringing.ends('NO_ANSWER');
      await until('the break', () => seats.get(agent1)?.presence === 'break');
      t.match(seats.get(agent1), { engagement: 'idle', callId: null });
      t.equal(acd.offers.of(agent1), undefined);
      acd.leave(call.id, 'abandoned');
      free(agent1);
    },
  );

  await t.test('given a telephone that cannot be reached, then it is not rung again', async (t) => {
    const call = await it.comes();
    const other = await it.comes();
    acd.enter(it.callerOf(call), it.waiter(call));
    const ringing = await rings(agent1, call.id);
    acd.enter(it.callerOf(other), it.waiter(other));
    ringing.ends('USER_NOT_REGISTERED');
    await until('the failure to be known', () => seats.get(agent1)?.isPhoneReady === false);
    t.match(seats.get(agent1), { engagement: 'idle', callId: null });
    t.equal(acd.offers.of(agent1), undefined);
    acd.leave(call.id, 'abandoned');
    acd.leave(other.id, 'abandoned');
    free(agent1);
  });

  await t.test(
    'given a caller who chooses to be called while a telephone rings, then its agent serves others',
    async (t) => {
      const call = await it.comes();
      acd.enter(it.callerOf(call), it.waiter(call));
      await rings(agent1, call.id);
      await acd.keepPlace(acd.callerOf(call.id)!, call);
      t.equal(seats.get(agent1)?.engagement, 'idle');
      const next = await it.comes();
      const waiter = it.waiter(next);
      acd.enter(it.callerOf(next), waiter);
      (await rings(agent1, next.id)).answers();
      await until('the answer', () => waiter.ends.length === 1);
      t.strictSame(callbacks, [], 'whoever hears the promise still is not called meanwhile');
      away(agent1);
      call.end('NORMAL_CLEARING');
      t.equal((await it.entry(call))?.state, 'callback', 'who hangs up then keeps their place');
      free(agent1);
      t.strictSame(callbacks, [{ callId: call.id, staffId: agent1 }]);
      free(agent1);
    },
  );

  await t.test(
    'given a caller who leaves as soon as they have come, then nobody waits',
    async (t) => {
      away(agent1);
      const call = await it.comes();
      acd.enter(it.callerOf(call), it.waiter(call));
      acd.leave(call.id, 'overflowed');
      t.strictSame(acd.entries(queueId), []);
      await until('the row', async () => (await it.entry(call))?.state === 'overflowed');
      free(agent1);
    },
  );

  await t.test(
    'given an agent who leaves while their telephone rings, then it rings no more',
    async (t) => {
      const call = await it.comes();
      const waiter = it.waiter(call);
      acd.enter(it.callerOf(call), waiter);
      await rings(agent1, call.id);
      await it.seat('agent2');
      await seats.leave(agent1);
      t.equal(acd.offers.of(agent1), undefined);
      (await rings(agent2, call.id)).answers();
      await until('the answer', () => waiter.ends.length === 1);
      t.match(seats.get(agent2), { engagement: 'talking', callId: call.id });
      t.strictSame(acd.entries(queueId), []);
      free(agent2);
    },
  );

  await t.test('given an offer that is over at once, then its row says so', async (t) => {
    const call = await it.comes();
    // The row of the offer cannot be written until this is over.
    await it.db.transaction().execute(async (trx) => {
      await trx.selectFrom('call').where('id', '=', call.id).select('id').forUpdate().execute();
      acd.enter(it.callerOf(call), it.waiter(call));
      t.equal(acd.offers.of(agent2)?.callId, call.id);
      acd.leave(call.id, 'abandoned');
    });
    await until('the offer to be closed', async () => {
      const rows = await it.db
        .selectFrom('offer')
        .where('callId', '=', call.id)
        .select('result')
        .execute();
      return rows.length === 1 && rows[0]?.result === 'withdrawn';
    });
    await until('the wait to be closed', async () => (await it.entry(call))?.state === 'abandoned');
  });

  await t.test('given a colleague who hangs up as they answer, then they are free', async () => {
    const call = await it.comes();
    const leg = acd.offers.ringColleague(
      {
        ...{ call, seat: seats.require(agent2), queueId, kind: 'consult' as const },
        ...{ fromStaffId: agent1, expiresAt: new Date(Date.now() + 10_000) },
      },
      new AbortController().signal,
    );
    const ringing = await rings(agent2, call.id);
    ringing.answers();
    await leg;
    ringing.ends('NORMAL_CLEARING');
    await until('them to be free', () => seats.get(agent2)?.engagement === 'idle');
  });

  await t.test(
    'given the last agent who leaves, then who waits is led on, and is not left to the music',
    async (t) => {
      const ordinary = await it.comes();
      const emergency = await it.comes();
      away(agent2);
      const waiters = [it.waiter(ordinary), it.waiter(emergency)] as const;
      acd.enter(it.callerOf(ordinary), waiters[0]);
      acd.enter({ ...it.callerOf(emergency), isEmergency: true }, waiters[1]);
      t.equal(acd.entries(queueId).length, 2, 'on a break they may come back');
      await seats.leave(agent2);
      for (const { ends } of waiters) t.strictSame(ends, [{ kind: 'overflow', to: 'message' }]);
      t.strictSame(acd.entries(queueId), []);
      await until('the row', async () => (await it.entry(ordinary))?.state === 'overflowed');
    },
  );

  await t.test(
    'given an agent who is taken out of a queue, then who waits there is led on, unless kept for them',
    async (t) => {
      await it.seat('agent1');
      away(agent1);
      const call = await it.comes();
      const kept = await it.comes();
      const waiters = [it.waiter(call), it.waiter(kept)] as const;
      acd.enter(it.callerOf(call), waiters[0]);
      const until60 = Date.now() + 60_000;
      const preferred = [{ staffId: agent1, kind: 'return' as const, until: until60 }];
      acd.enter({ ...it.callerOf(kept), preferred }, waiters[1]);
      const rows = await it.db
        .deleteFrom('queueMember')
        .where('staffId', '=', agent1)
        .returningAll()
        .execute();
      await seats.reread(agent1);
      t.strictSame(waiters[0].ends, [{ kind: 'overflow', to: 'message' }]);
      t.strictSame(waiters[1].ends, [], 'their own caller waits on');
      acd.leave(kept.id, 'abandoned');
      await it.db.insertInto('queueMember').values(rows).execute();
      await seats.leave(agent1);
    },
  );

  for (const how of ['its leg says 480', 'the page says so'] as const) {
    await t.test(
      `given a page that is loaded anew while it rings (${how}), then it is offered again, without a break`,
      async (t) => {
        await it.seat('agent1', 'browser');
        seats.phones.setReady(agent1, true);
        const call = await it.comes();
        acd.enter(it.callerOf(call), it.waiter(call));
        const first = await rings(agent1, call.id);
        if (how === 'its leg says 480') first.ends('NO_USER_RESPONSE');
        else await acd.offers.phoneGone(agent1);
        await until('the offer to end', () => acd.offers.of(agent1) === undefined);
        t.match(seats.get(agent1), { presence: 'available', reason: null, engagement: 'idle' });
        t.equal(seats.get(agent1)?.isPhoneReady, false);
        seats.phones.setReady(agent1, true);
        await until('the next offer', () =>
          rung.some((one) => one !== first && one.callId === call.id && !one.leg.gone.aborted),
        );
        acd.leave(call.id, 'abandoned');
        await seats.leave(agent1);
      },
    );
  }

  await t.test(
    'given a desk phone that says 480 after its own time, then it is a break',
    async (t) => {
      await it.seat('agent1');
      const call = await it.comes();
      acd.enter(it.callerOf(call), it.waiter(call));
      (await rings(agent1, call.id)).ends('NO_USER_RESPONSE');
      await until('the break', () => seats.get(agent1)?.presence === 'break');
      t.equal(seats.get(agent1)?.reason, 'no_answer');
      acd.leave(call.id, 'abandoned');
      await seats.leave(agent1);
    },
  );

  await t.test(
    'given a service that starts anew in a wrap-up or a talk, then no call counts twice for its agent',
    async (t) => {
      await it.seat('agent1');
      const legId = '00000000-0000-4000-8000-000000000001';
      const [over, on] = [await it.comes(), await it.comes()] as const;
      for (const { id } of [over, over, on]) {
        await it.engagements.begin({ callId: id, staffId: agent1, queueId, legId });
        if (id === over.id) await it.engagements.talked(id, agent1, null);
      }
      const anew = await it.seatsAnew();
      const shown = () => agentView(anew.require(agent1)).handledToday;
      t.equal(
        shown(),
        1,
        'who came back in the same call counts once, a talk that goes on not yet',
      );
      anew.resume(agent1, 'wrap_up', over.id, new Date());
      t.equal(shown(), 1);
      anew.resume(agent1, 'talking', on.id, new Date());
      anew.engage(agent1, 'wrap_up', on.id);
      t.equal(shown(), 2);
      anew.engage(agent1, 'idle', null);
      t.equal(routingAgent(anew.require(agent1)).handledToday, 2, 'and the router counts the same');
      await seats.leave(agent1);
    },
  );
});

void t.test('calls that are promised', async (t) => {
  const it = await openAcd();
  t.teardown(() => it.close());
  const { acd, seats, queueId, callbacks, live } = it;
  const agent1 = it.staffId('agent1');
  const number = '13712345678';
  const free = () => {
    if (seats.get(agent1)?.engagement !== 'idle') seats.engage(agent1, 'idle', null);
    seats.setPresence(agent1, 'available', null);
  };
  const away = () => seats.setPresence(agent1, 'break', 'training');
  await it.seat('agent1');
  const promised = async () => {
    away();
    callbacks.length = 0;
    const call = await it.comes();
    acd.enter(it.callerOf(call), it.waiter(call));
    await acd.keepPlace(acd.callerOf(call.id)!, call);
    call.end('NORMAL_CLEARING');
    await until('the place', () => acd.callerOf(call.id) !== undefined);
    return call;
  };
  const taken = () => callbacks.map(({ callId }) => callId);
  const caller = (callId: string) => acd.callerOf(callId)!;

  await t.test('who calls again takes the kept place and is not called meanwhile', async (t) => {
    const first = await promised();
    const { waitingSince } = caller(first.id);
    const again = await it.comes();
    const waiter = it.waiter(again);
    live.push(number);
    acd.enter({ ...it.callerOf(again), waitingSince: waitingSince + 9000 }, waiter);
    t.equal(caller(again.id).waitingSince, waitingSince);
    t.equal(acd.entries(queueId).length, 1, 'they stand in the line once');
    free();
    t.same(taken(), []);
    t.equal(acd.offers.of(agent1)?.callId, again.id, 'they are offered as they wait');
    acd.leave(again.id, 'abandoned');
    acd.callbacks.served(number, agent1);
    live.length = 0;
    await until('the promise to be kept', async () => {
      const row = await it.entry(first);
      return row?.state === 'answered';
    });
    free();
    t.same(taken(), [], 'whoever was served is not called');
  });

  await t.test('a promise made twice is one', async (t) => {
    const first = await promised();
    const second = await promised();
    t.equal(acd.entries(queueId).length, 1);
    await until(
      'the first to be over',
      async () => (await it.entry(first))?.state === 'overflowed',
    );
    free();
    t.same(taken(), [second.id]);
    acd.callbacks.calledBack(
      { ...it.callerOf(second), promise: { number, tries: 0, notBefore: 0 } },
      'talked',
      agent1,
    );
    t.equal(
      (
        await until('the row', async () => {
          const row = await it.entry(second);
          return row?.leftAt != null && row;
        })
      ).state,
      'answered',
    );
  });

  await t.test('nobody is called who is on the line, whoever talks with them', async (t) => {
    const call = await promised();
    live.push(number);
    free();
    t.same(taken(), []);
    t.equal(seats.get(agent1)?.engagement, 'idle', 'the agent serves others');
    live.length = 0;
    acd.callbacks.served(number, agent1);
    await until('the promise to be kept', async () => (await it.entry(call))?.state === 'answered');
  });

  await t.test('the wall counts them as it will after a restart', async (t) => {
    const last = await promised();
    await acd.callbacks.rings({
      ...caller(last.id),
      promise: { number, tries: 2, notBefore: 0 },
    });
    t.equal((await it.entry(last))?.state, 'overflowed', 'given up before it rings');
    acd.callbacks.calledBack(caller(last.id), 'talked', agent1);
    await until('the answer', async () => (await it.entry(last))?.state === 'answered');
    const ends = (waits: Waits) =>
      [...waits.of(queueId)].map(([id, { end }]) => `${id} ${end}`).sort();
    const rows = new Waits();
    await loadWaits(it.db, new Date(0), rows);
    t.same(ends(it.waits), ends(rows));
    t.ok(ends(rows).includes(`${last.id} answered`));
  });
});

void t.test('a second service on the same rows', async (t) => {
  const it = await openAcd();
  const { db, acd, seats, store } = it;
  const {
    agents: second,
    board,
    cti,
  } = agentsOf({
    ...{ db, clock: systemClock, recordingsDir: t.testdir(), trunks: ['trunk'] },
    events: new EventBus<EventMap>(silentLog()),
  });
  t.teardown(async () => {
    second.stop();
    await cti.stop();
    await it.close();
  });
  const agent1 = it.staffId('agent1');
  const member = { id: it.staffId('agent2'), username: 'agent2', displayName: '' };
  await seats.take(agent1, 'sip', null);
  seats.setPresence(agent1, 'break', 'training');
  const promised = await it.comes();
  acd.enter(it.callerOf(promised), it.waiter(promised));
  await acd.keepPlace(acd.callerOf(promised.id)!, promised);
  const ringing = await it.comes();
  acd.enter(it.callerOf(ringing), it.waiter(ringing));
  seats.setPresence(agent1, 'available', null);
  await seats.written(agent1);
  const offers = () =>
    db.selectFrom('offer').select('result').where('callId', '=', ringing.id).execute();
  const dialled = () => db.selectFrom('outsideCall').select('purpose').execute();
  await until('the offer', async () => (await offers()).length === 1);

  await t.test('stands by: it withdraws no offers, seats nobody and calls nobody', async (t) => {
    await second.start();
    t.same(await offers(), [{ result: null }]);
    t.equal(second.sessions.desk(agent1), undefined);
    t.equal((await it.entry(promised))?.state, 'callback');
    t.same(await dialled(), []);
    await t.rejects(second.sessions.takeSeat(member, 'sip', undefined), {
      code: 'service.standby',
    });
    await t.rejects(second.supervision.acknowledge('any', 'agent2'), { code: 'service.standby' });
    t.same(board.snapshot().agents, []);
  });

  await t.test(
    'takes over: who sits and who is owed a call is read anew, and served',
    async (t) => {
      // What has changed since it started is what it finds.
      await seats.take(it.staffId('agent2'), 'sip', null);
      await second.lead();
      t.same(await offers(), [{ result: 'withdrawn' }]);
      t.equal(second.sessions.desk(agent1)?.agent.presence, 'available');
      t.ok(second.sessions.desk(it.staffId('agent2')));
      const tried = () =>
        db
          .selectFrom('callEvent')
          .select('data')
          .where('callId', '=', promised.id)
          .where('kind', '=', 'callback.ended')
          .execute();
      t.same(await tried(), [], 'nobody is called before the switch is there');
      await second.onReconciled('a');
      await until('the call-back', async () => (await tried()).length === 1);
      t.match(await tried(), [{ data: { result: 'not_rung' } }]);
      t.same(await dialled(), [], 'nor counted as dialled when it has gone again');
    },
  );

  await t.test('loses the switch again: it forgets, and writes nothing', async (t) => {
    await store.leave(promised.id, 'answered', agent1);
    second.standBy();
    t.equal(second.sessions.desk(agent1), undefined);
    t.same(board.snapshot().agents, []);
    await t.rejects(second.sessions.setPresence(agent1, 'available', undefined), {
      code: 'agent.not_seated',
    });
    t.match(await it.entry(promised), { state: 'answered' }, 'a promise that was kept stays kept');
  });
});
