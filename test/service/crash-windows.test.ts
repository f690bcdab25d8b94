import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import t from 'tap';
import { createEngagementStore } from '../../src/agents/acd/sessions/engagement-store.ts';
import { systemClock as clock } from '../../src/core/clock.ts';
import { newId } from '../../src/core/ids.ts';
import { silentLog } from '../../src/core/log.ts';
import { createCallStore } from '../../src/cti/call/call-store.ts';
import { leftUnwatched } from '../../src/cti/nodes/lost-events.ts';
import { FlowLibrary, publishFlows } from '../../src/content/index.ts';
import { shippedFlows, UnattendedMessages } from '../../src/ivr/index.ts';
import { fileAllSpoken } from '../../src/ivr/file-spoken.ts';
import { wavOf } from '../../src/tts/wav.ts';
import { createRecordings } from '../../src/recording/index.ts';
import { raiseOrder, type NewOrder } from '../../src/workorders/index.ts';
import { startApi } from '../support/api.ts';
import { until } from '../support/until.ts';

void t.test('what is told has been written, and in order', async (t) => {
  const api = await startApi();
  const { db } = api.database;
  const log = silentLog();
  const calls = createCallStore(db, clock, log);
  const dir = mkdtempSync(path.join(tmpdir(), 'lingting-windows-'));
  t.teardown(async () => {
    await calls.close();
    await api.close();
    rmSync(dir, { recursive: true });
  });
  const newCall = () => ({
    ...{ id: newId(), legId: newId(), direction: 'inbound' as const, did: '4000' },
    ...{
      callerNumber: '13800000001',
      isNumberVerified: true,
      startedAt: clock.now(),
      switchNode: 'a',
    },
  });
  const staffId = await api.staffId('agent1');

  await t.test(
    'after a restart a call that we dialled is not taken for a caller who left',
    async (t) => {
      const [caller, dialled] = [newCall(), { ...newCall(), direction: 'outbound' as const }];
      for (const call of [caller, dialled]) await calls.begin({ ...call, switchNode: 'lost' });
      const open = await calls.open('lost');
      t.same(
        new Map(open.map(({ id, direction }) => [id, leftUnwatched[direction]])),
        new Map([
          [caller.id, 'call ended unwatched: the caller left'],
          [dialled.id, 'call ended unwatched: we had dialled it'],
        ]),
      );
    },
  );

  await t.test('given a wrap-up of no time, then its row is closed all the same', async (t) => {
    const call = newCall();
    await calls.begin(call);
    const store = createEngagementStore(db, clock, () => undefined);
    const ids = [call.id, staffId] as const;
    // Whoever writes about this call waits until the lock is let go.
    const all = await db.transaction().execute(async (trx) => {
      await trx.selectFrom('call').where('id', '=', call.id).select('id').forUpdate().execute();
      return [
        store.begin({ callId: call.id, staffId, queueId: null, legId: call.legId }),
        store.talked(...ids, null),
        store.end(...ids, { reasonCode: 'other', note: '已登记', nextContactAt: null }),
      ];
    });
    const [, , isDone] = await Promise.all(all);
    t.equal(isDone, true);
    const row = await db
      .selectFrom('engagement')
      .where('callId', '=', call.id)
      .select(['talkUntil', 'endedAt', 'note'])
      .executeTakeFirst();
    t.match(row, { talkUntil: Date, endedAt: Date, note: '已登记' });
  });

  await t.test('given a break, then it is told when a restart would know it', async (t) => {
    const put = (where: string, body: unknown, method = 'PUT') =>
      api.request(where, { as: 'agent1', method, body });
    await put('/agents/me/session', { phone: 'sip' }, 'POST');
    await put('/agents/me/presence', { presence: 'available' });
    let isTold = false;
    const told = await db.transaction().execute(async (trx) => {
      await trx
        .selectFrom('agentSeat')
        .where('staffId', '=', staffId)
        .select('staffId')
        .forUpdate()
        .execute();
      const reply = put('/agents/me/presence', { presence: 'break', reason: 'training' });
      void reply.then(() => (isTold = true));
      await until('the write to wait', async () => {
        const waiting = await db
          .selectFrom('agentSeat')
          .where('staffId', '=', staffId)
          .select('presence')
          .forUpdate()
          .skipLocked()
          .execute();
        return waiting.length === 0 && api.board.snapshot().agents[0]?.presence === 'break';
      });
      t.notOk(isTold);
      return { reply };
    });
    t.equal((await told.reply).status, 200);
    const row = await db
      .selectFrom('agentSeat')
      .where('staffId', '=', staffId)
      .select('presence')
      .executeTakeFirst();
    t.equal(row?.presence, 'break');
  });

  await t.test('given two who make the same order at once, then it is one', async (t) => {
    const estate = await db.selectFrom('estate').select('id').executeTakeFirstOrThrow();
    const order: NewOrder = {
      ...{ kind: 'repair', category: 'other', severity: 'minor', source: 'ivr' },
      ...{ estateId: estate.id, contactNumber: '13800000001', language: 'zh-CN', summary: '灯' },
      ...{ roomId: undefined, personId: undefined, callId: undefined, actor: 'ivr' },
      ...{ idempotencyKey: newId(), timeZone: 'Asia/Shanghai' },
    };
    const made = await Promise.all([1, 2, 3, 4].map(() => raiseOrder(db, clock, order)));
    t.equal(new Set(made.map((one) => one.number)).size, 1);
  });

  await t.test(
    'given a message that was sealed before its order, then a start makes it',
    async (t) => {
      await publishFlows(db, shippedFlows);
      const flows = new FlowLibrary(db);
      const flowId = shippedFlows.find((one) => 'repairSpeak' in one.nodes)!.id;
      const { version } = await flows.live(flowId);
      const recordings = createRecordings(db, clock, dir);
      const call = newCall();
      await calls.begin(call);
      const state = {
        ...{
          flow: flowId,
          version,
          node: 'message',
          step: 4,
          phase: 'act',
          attempts: 0,
          misses: 0,
        },
        ...{ vars: {}, language: 'zh-CN', pending: [], hasEnded: false },
      };
      const id = newId();
      const file = await recordings.begin({
        ...{ id, callId: call.id, legId: call.legId, purpose: 'message' },
        resume: { state, silenceSec: 3 },
      });
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, wavOf(new Int16Array(24_000).fill(5000)));
      await recordings.finish(id);
      await calls.end(call.id, 'NORMAL_CLEARING');
      for (const _ of ['this start', 'the next']) {
        await fileAllSpoken({ db, clock, recordings, flows, log });
      }
      const orders = await db
        .selectFrom('workOrder')
        .where('callId', '=', call.id)
        .select('id')
        .execute();
      t.equal(orders.length, 1);
      const row = await db
        .selectFrom('recording')
        .where('id', '=', id)
        .select('workOrderId')
        .executeTakeFirst();
      t.equal(row?.workOrderId, orders[0]?.id);
    },
  );

  await t.test('given a caller who said nothing three times, then no order is made', async (t) => {
    await publishFlows(db, shippedFlows);
    const flows = new FlowLibrary(db);
    const { version } = await flows.live('main-jinxiu');
    const recordings = createRecordings(db, clock, dir);
    const call = newCall();
    await calls.begin(call);
    for (const attempts of [0, 1, 2]) {
      const id = newId();
      const state = {
        ...{ flow: 'main-jinxiu', version, node: 'message', step: 4 + attempts, phase: 'act' },
        ...{ attempts, misses: 0, vars: {}, language: 'zh-CN', pending: [], hasEnded: false },
      };
      const file = await recordings.begin({
        ...{ id, callId: call.id, legId: call.legId, purpose: 'message' },
        resume: { state, silenceSec: 5 },
      });
      mkdirSync(path.dirname(file), { recursive: true });
      const sound = Int16Array.from({ length: 48_000 }, (_, at) => (at % 2 === 0 ? 40 : -40));
      sound.fill(8000, 0, 400);
      writeFileSync(file, wavOf(sound));
      await recordings.finish(id);
    }
    await calls.end(call.id, 'NORMAL_CLEARING');
    await fileAllSpoken({ db, clock, recordings, flows, log });
    const orders = db.selectFrom('workOrder').where('callId', '=', call.id).select('id');
    t.strictSame(await orders.execute(), []);
  });

  await t.test('given a death while a message is moved, then its order is there', async (t) => {
    const call = newCall();
    const folder = path.join(dir, 'unattended');
    mkdirSync(folder, { recursive: true });
    const file = path.join(folder, `4000-13800000001-${call.legId}.wav`);
    writeFileSync(file, wavOf(new Int16Array(24_000)));
    const recordings = createRecordings(db, clock, dir);
    const dies = () => Promise.reject(new Error('killed'));
    const unattended = new UnattendedMessages({
      ...{ db, clock, log, recordingsDir: dir, faxesDir: path.join(dir, 'faxes') },
      recordings: { ...recordings, finish: dies },
      cti: {
        isAlive: () => Promise.resolve(false),
        async recordUnwatched(one) {
          await calls.begin(one);
          await calls.end(one.id, 'UNATTENDED');
        },
      },
    });
    await unattended.file();
    await fileAllSpoken({ db, clock, recordings, flows: new FlowLibrary(db), log });
    const kept = await db
      .selectFrom('recording')
      .innerJoin('workOrder', 'workOrder.id', 'recording.workOrderId')
      .where('recording.legId', '=', call.legId)
      .select(['recording.state', 'workOrder.category'])
      .execute();
    t.strictSame(kept, [{ state: 'ready', category: 'unattended' }]);
  });
});
