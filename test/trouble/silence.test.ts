import path from 'node:path';
import t from 'tap';
import { dial, type Caller } from '../../scripts/phone/caller.ts';
import { speechLike } from '../../scripts/phone/voice.ts';
import { until } from '../support/until.ts';
import { call, madeOrders, recordingFiles } from '../support/calls.ts';
import { hears } from '../support/hearing.ts';
import { logged, messagesOf, startTroubled } from '../support/trouble.ts';

/** What callers meet when nobody listens to the switch; the same on both switches. */
void t.test('a service that hears nothing', async (t) => {
  const troubled = await startTroubled();
  const { sw, wire, service } = troubled;
  t.teardown(() => troubled.close());

  await t.test(
    'given the end of a recording that is told to nobody, then it is filed',
    async (t) => {
      const number = '13730000208';
      const caller = await call(service, number, '!7');
      await until('the recorder', () => recordingFiles(service).length > 0);
      await caller.say(speechLike(2000, 700));
      const lost = wire.lost;
      wire.lose = (event) =>
        event['Event-Name'] === 'CHANNEL_EXECUTE_COMPLETE' && event['Application'] === 'record';
      await caller.press('#');
      await until('the loss', () => wire.lost > lost, { timeoutMs: 30_000 });
      wire.lose = () => false;
      const [message] = await until(
        'the message',
        async () => {
          const found = await messagesOf(service, [number]);
          return found.length === 1 && found;
        },
        { timeoutMs: 60_000 },
      );
      t.not(message?.category, 'unattended', 'the service took it, not the switch');
      caller.hangup();
      await caller.close();
    },
  );

  await t.test(
    'given a service that is dead, then callers hear why and leave a message',
    async (t) => {
      const inMenu = await call(service, '13730000204', '!2,wait=1');
      await service.kill();
      const later = await dial({
        number: '4100',
        from: '13730000205',
        host: '127.0.0.1',
        port: sw.sipPort,
      });
      service.callers.add(later);
      const apology = path.join(service.dataDir, 'sounds', 'unattended.wav');
      const leave = async (caller: Caller, number: string) => {
        t.ok((await hears(caller, apology, { limitMs: 60_000 })) > 0.8, 'the apology');
        await until(
          'the recorder',
          () => recordingFiles(service).some((file) => file.includes(`-${number}-`)),
          { timeoutMs: 60_000 },
        );
        await caller.say(speechLike(3000, 700));
        await caller.press('#');
        await caller.ended(30_000);
      };
      await Promise.all([leave(later, '13730000205'), leave(inMenu, '13730000204')]);
      await service.start();
      const [[first], [second]] = await Promise.all([
        madeOrders(service, '13730000204'),
        madeOrders(service, '13730000205'),
      ]);
      for (const order of [first, second]) {
        t.match(order, { kind: 'message', category: 'unattended' });
        t.ok((order?.recordings[0]?.durationMs ?? 0) > 2000, 'what was said');
      }
      await until(
        'a line for each',
        () => logged(service, 'unattended message filed').length === 2,
      );
    },
  );
});
