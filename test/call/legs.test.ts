import t from 'tap';
import { dial } from '../../scripts/phone/caller.ts';
import { speechLike } from '../../scripts/phone/voice.ts';
import { systemClock } from '../../src/core/clock.ts';
import { newId } from '../../src/core/ids.ts';
import { silentLog } from '../../src/core/log.ts';
import { until } from '../support/until.ts';
import {
  answer,
  bridge,
  buildCti,
  hangUpLeg,
  LegFailedError,
  ring,
  type Call,
  type Cti,
  type Leg,
  type LegSignal,
} from '../../src/cti/index.ts';
import { openTrunkPhone } from '../support/callee.ts';
import { createTestDatabase } from '../support/database.ts';
import { startSwitch } from '../support/switch.ts';

async function causeOf(leg: Leg): Promise<string> {
  return leg.answered.then(
    () => 'answered',
    (error: unknown) => (error instanceof LegFailedError ? error.hangupCause : String(error)),
  );
}

void t.test('legs that we dial', async (t) => {
  const callee = await openTrunkPhone('answer');
  const sw = await startSwitch({
    gateways: { trunk: { host: '127.0.0.1', port: callee.port } },
  });
  const database = await createTestDatabase();
  const met: Call[] = [];
  const open = async (): Promise<Cti> => {
    const cti = buildCti({
      db: database.db,
      clock: systemClock,
      log: silentLog(),
      nodes: [{ name: 'one', ...sw.address }],
      deadManSec: 30,
      installation: 'legs-test',
      switchVariables: () => Promise.resolve({}),
    });
    cti.onCall((call) => met.push(call));
    cti.start();
    await until('the connection', () => cti.nodes.every((node) => node.isConnected));
    return cti;
  };
  let cti = await open();
  t.teardown(async () => {
    await cti.stop();
    await callee.close();
    await sw.close();
    await database.drop();
  });
  const endpoint = { kind: 'gateway', gateway: 'trunk', number: '02155550119' } as const;
  const leg = (call: Call, ringSec = 10) =>
    ring(call, {
      role: 'agent',
      endpoint,
      shownNumber: '4000',
      ringSec,
      data: { staff: '王建国' },
    });
  const caller = async (from: string) => {
    const dialling = dial({ number: '4000', from, host: '127.0.0.1', port: sw.sipPort });
    const call = await until('the call', () => met.find((one) => one.callerNumber === from));
    await answer(call, 'answer');
    return { call, phone: await dialling };
  };

  await t.test(
    'given a second leg that answers, then both talk, and the caller stays',
    async (t) => {
      callee.behaviour = 'answer';
      const { call, phone } = await caller('13700000001');
      const signals: LegSignal[] = [];
      call.onSignal((signal) => signals.push(signal));
      const second = leg(call);
      await second.answered;
      await bridge(call, second);
      t.equal(call.bridgedTo, second.id);
      const taken = callee.calls.at(-1)!;
      await phone.say(speechLike(1500));
      await until('the other side to hear it', () => taken.ear.toneShare(1000, 400) > 0.2);
      taken.session.hangup();
      await until('the leg to be gone', () => second.gone.aborted);
      await until(
        'the caller to be parked',
        () => signals.at(-1)?.kind === 'parked' || signals.some((one) => one.kind === 'parked'),
      );
      t.notOk(call.gone.aborted, 'the caller is still there');
      t.equal(call.bridgedTo, undefined);
      phone.hangup();
      await phone.close();
      const rows = await until('the rows', async () => {
        const found = await database.db
          .selectFrom('callLeg')
          .selectAll()
          .where('callId', '=', call.id)
          .orderBy('startedAt')
          .execute();
        return found.every((row) => row.endedAt !== null) && found;
      });
      t.match(rows, [{ role: 'caller' }, { role: 'agent', number: '02155550119' }]);
      t.ok(rows[1]?.answeredAt);
    },
  );

  await t.test('given a busy phone or none that answers, then the cause is told', async (t) => {
    const { call, phone } = await caller('13700000002');
    callee.behaviour = { status: 486 };
    t.equal(await causeOf(leg(call)), 'USER_BUSY');
    callee.behaviour = 'ring';
    t.equal(await causeOf(leg(call, 1)), 'NO_ANSWER');
    phone.hangup();
    await phone.close();
  });

  await t.test('given a call to a customer, then its row is there before it rings', async (t) => {
    callee.behaviour = 'answer';
    const callId = newId();
    const call = await cti.dialCall({
      callId,
      endpoint,
      number: '02155550119',
      did: '4000',
      callerId: '4000',
      ringSec: 10,
    });
    const row = await database.db
      .selectFrom('call')
      .selectAll()
      .where('id', '=', callId)
      .executeTakeFirstOrThrow();
    t.match(row, { direction: 'outbound', callerNumber: '02155550119', did: '4000' });
    await call.answered;
    callee.calls.at(-1)!.session.hangup();
    await until('the end', () => call.gone.aborted);
    callee.behaviour = { status: 480 };
    const second = await cti.dialCall({
      callId: newId(),
      endpoint,
      number: '02155550119',
      did: '4000',
      callerId: '4000',
      ringSec: 10,
    });
    await until('the refusal', () => second.gone.aborted);
    t.equal(second.hangupCause, 'NO_USER_RESPONSE');
    t.notOk(second.isAnswered);
  });

  await t.test('given a number that is none, then nothing reaches the switch', async (t) => {
    const bad = cti.dialCall({
      callId: newId(),
      endpoint: { ...endpoint, number: '1,[x=1]sofia/gateway/trunk/2' },
      number: '1',
      did: '4000',
      callerId: '4000',
      ringSec: 10,
    });
    await t.rejects(bad, { code: 'dial.unsafe' });
  });

  await t.test('given a new process, then it finds who talks to whom', async (t) => {
    callee.behaviour = 'answer';
    const { call, phone } = await caller('13700000003');
    const second = leg(call);
    await second.answered;
    await bridge(call, second);
    await cti.stop();
    met.length = 0;
    cti = await open();
    const adopted = await until('the call', () => met.find((one) => one.id === call.id));
    t.equal(adopted.bridgedTo, second.id);
    // FreeSWITCH lists a leg a moment after it has it; what was not listed is found by the next count.
    await until('the other leg', () => cti.legsOf(call.id).length > 0);
    const found = cti.legsOf(call.id)[0]!;
    t.match(found, { id: second.id, role: 'agent', isAnswered: true });
    t.equal(found.recall('staff'), '王建国');
    phone.hangup();
    await phone.close();
    await until('the caller to be gone', () => adopted.gone.aborted);
    t.notOk(found.gone.aborted, 'their partner waits to be let go');
    await hangUpLeg(found);
    await until('both to be gone', () => found.gone.aborted);
  });
});
