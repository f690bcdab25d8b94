import t from 'tap';
import { openFloor } from '../support/floor.ts';
import { until } from '../support/until.ts';

void t.test('callers and agents whose moments cross', async (t) => {
  const it = await openFloor();
  t.teardown(() => it.close());
  const { floor, seats, rung, queueId, callbacks } = it;
  const agent1 = it.staffId('agent1');
  const agent2 = it.staffId('agent2');
  const rings = (staffId: string, callId: string) =>
    until('the telephone', () =>
      rung.find((one) => one.staffId === staffId && one.callId === callId && !one.leg.gone.aborted),
    );
  const free = (staffId: string) => {
    if (seats.get(staffId)?.engagement !== 'idle') seats.engage(staffId, 'idle', null);
    seats.setPhoneReady(staffId, true);
    seats.setPresence(staffId, 'available', null);
  };
  const away = (staffId: string) => seats.setPresence(staffId, 'break', 'training');
  await it.seat('agent1');

  await t.test(
    'given a missed call, then nothing is offered to whoever is on a break for it',
    async (t) => {
      const call = await it.comes();
      floor.enter(it.callerOf(call), it.waiter(call));
      const ringing = await rings(agent1, call.id);
      ringing.ends('NO_ANSWER');
      await until('the break', () => seats.get(agent1)?.presence === 'break');
      t.match(seats.get(agent1), { engagement: 'idle', callId: null });
      t.equal(floor.ringOf(agent1), undefined);
      floor.leave(call.id, 'abandoned');
      free(agent1);
    },
  );

  await t.test('given a telephone that cannot be reached, then it is not rung again', async (t) => {
    const call = await it.comes();
    const other = await it.comes();
    floor.enter(it.callerOf(call), it.waiter(call));
    const ringing = await rings(agent1, call.id);
    floor.enter(it.callerOf(other), it.waiter(other));
    ringing.ends('USER_NOT_REGISTERED');
    await until('the failure to be known', () => seats.get(agent1)?.isPhoneReady === false);
    t.match(seats.get(agent1), { engagement: 'idle', callId: null });
    t.equal(floor.ringOf(agent1), undefined);
    floor.leave(call.id, 'abandoned');
    floor.leave(other.id, 'abandoned');
    free(agent1);
  });

  await t.test(
    'given a caller who chooses to be called while a telephone rings, then its agent serves others',
    async (t) => {
      const call = await it.comes();
      floor.enter(it.callerOf(call), it.waiter(call));
      await rings(agent1, call.id);
      await floor.keepPlace(floor.callerOf(call.id)!, call);
      t.equal(seats.get(agent1)?.engagement, 'idle');
      const next = await it.comes();
      const waiter = it.waiter(next);
      floor.enter(it.callerOf(next), waiter);
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
      floor.enter(it.callerOf(call), it.waiter(call));
      floor.leave(call.id, 'overflowed');
      t.strictSame(floor.line(queueId), []);
      await until('the row', async () => (await it.entry(call))?.state === 'overflowed');
      free(agent1);
    },
  );

  await t.test(
    'given an agent who leaves while their telephone rings, then it rings no more',
    async (t) => {
      const call = await it.comes();
      const waiter = it.waiter(call);
      floor.enter(it.callerOf(call), waiter);
      await rings(agent1, call.id);
      await it.seat('agent2');
      await seats.leave(agent1);
      t.equal(floor.ringOf(agent1), undefined);
      (await rings(agent2, call.id)).answers();
      await until('the answer', () => waiter.ends.length === 1);
      t.match(seats.get(agent2), { engagement: 'talking', callId: call.id });
      t.strictSame(floor.line(queueId), []);
      free(agent2);
    },
  );

  await t.test('given an offer that is over at once, then its row says so', async (t) => {
    const call = await it.comes();
    // The row of the offer cannot be written until this is over.
    await it.db.transaction().execute(async (trx) => {
      await trx.selectFrom('call').where('id', '=', call.id).select('id').forUpdate().execute();
      floor.enter(it.callerOf(call), it.waiter(call));
      t.equal(floor.ringOf(agent2)?.callId, call.id);
      floor.leave(call.id, 'abandoned');
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
    const leg = floor.ringColleague(
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
});
