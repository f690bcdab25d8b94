import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import t from 'tap';
import { speechLike } from '../../scripts/phone/voice.ts';
import { call, everyRowClosed, madeOrders, recordingFiles } from '../support/calls.ts';
import { openTrunkPhone } from '../support/callee.ts';
import { startService } from '../support/service.ts';
import { isAlive } from '../../src/local/processes.ts';
import { openTalks } from '../support/talks.ts';
import { until } from '../support/until.ts';

/** The embedded switch as `npm start` runs it: what callers and staff meet when it is killed. */
const isForeign = process.env['FREESWITCH_ESL'] !== undefined;
const skip = isForeign && 'the service starts the embedded switch alone';

void t.test('a dead switch does not stay dead', { skip }, async (t) => {
  const phone = await openTrunkPhone('answer');
  const service = await startService({ TRUNKS: `trunk=127.0.0.1:${phone.port}` });
  t.teardown(async () => {
    await service.stop();
    await phone.close();
  });
  const talks = openTalks(service, phone);
  const readyFile = path.join(service.dataDir, 'switch/ready.json');
  const switchPid = () =>
    existsSync(readyFile)
      ? (JSON.parse(readFileSync(readyFile, 'utf8')) as { pid: number }).pid
      : undefined;
  const killSwitch = () => {
    const pid = switchPid();
    if (pid !== undefined) process.kill(pid, 'SIGKILL');
    return pid;
  };
  const recordings = () =>
    service.database.db
      .selectFrom('recording')
      .select(['state', 'purpose', 'durationMs'])
      .orderBy('purpose')
      .execute();
  /** So many recordings, each with more than a second of sound. */
  const isWritten = (count: number) => {
    const folder = path.join(service.dataDir, 'recordings');
    const sizes = recordingFiles(service).map((name) => statSync(path.join(folder, name)).size);
    return sizes.length === count && sizes.every((size) => size > 40_000);
  };
  const filed = () =>
    until('every recording to be filed', async () => {
      const rows = await recordings();
      return rows.every((one) => one.state === 'ready') && rows;
    });

  await t.test(
    'given a talk and a spoken repair, when the switch is killed, then both recordings are filed, the agent is free and the next caller is served',
    async (t) => {
      await talks.seat('agent1', '9001');
      await talks.free('agent1');
      await talks.comes('13712340001', 1600);
      await talks.inMode('agent1', 'talking');
      const speaking = await call(service, '13712340002', '!2,!1');
      void speaking.say(speechLike(20_000));
      await until('both to be recorded', () => isWritten(2));
      const before = killSwitch();
      await until('another switch', () => ![before, undefined].includes(switchPid()), {
        timeoutMs: 60_000,
      });
      await everyRowClosed(service);
      const sealed = await filed();
      t.ok(
        sealed.every((one) => (one.durationMs ?? 0) > 1000),
        'with what had been said',
      );
      const { callId } = await talks.wrapUp('agent1');
      await talks.act('agent1', `/calls/${callId}/wrap-up`, 'POST', { reasonCode: 'other' });
      t.match(await madeOrders(service, '13712340002'), [{ kind: 'repair' }]);
      const next = await call(service, '13712340003', '!2,!1,speak,#,listen,hangup');
      await next.close();
      t.match(await madeOrders(service, '13712340003'), [{ kind: 'repair', category: 'water' }]);
    },
  );

  await t.test(
    'given service and switch killed together in a talk, when the service starts, then no recording stays open for ever',
    async (t) => {
      await talks.free('agent1');
      await talks.comes('13712340004', 1700);
      await talks.inMode('agent1', 'talking');
      await until('it to be recorded', () => isWritten(4));
      await service.kill();
      killSwitch();
      await service.start();
      await everyRowClosed(service);
      t.equal((await filed()).length, 4);
    },
  );

  await t.test(
    'given a second service on the same folder, when it stops, then calls of the first go on; when the first stops, its switch ends',
    async (t) => {
      const caller = await call(service, '13712340005', '!2,wait=1');
      const twin = await service.twin();
      const pid = switchPid() ?? 0;
      await twin.stop();
      t.ok(isAlive(pid), 'the switch lives');
      t.equal((await service.api('/health')).status, 200);
      t.equal(caller.end, undefined, 'the caller is still there');
      await caller.close();
      await service.end();
      t.notOk(isAlive(pid), 'the last one ends it');
    },
  );
});
