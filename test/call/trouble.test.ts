import path from 'node:path';
import t from 'tap';
import { dial, type Caller } from '../../scripts/phone/caller.ts';
import { playScript } from '../../scripts/phone/play-script.ts';
import { parseScript } from '../../scripts/phone/script.ts';
import { speechLike } from '../../scripts/phone/voice.ts';
import { until } from '../support/until.ts';
import { call, ordersOf, recordingFiles } from '../support/calls.ts';
import { hears } from '../support/hearing.ts';
import { logged, messagesOf, noCalls, startTroubled } from '../support/trouble.ts';

/** What callers meet when events are lost or the service is dead; `test/trouble` has what takes longer. */
void t.test('calls in trouble', async (t) => {
  const troubled = await startTroubled();
  const { sw, wire, service } = troubled;
  t.teardown(() => troubled.close());

  const oneOrder = (number: string) =>
    until(
      `the order of ${number}`,
      async () => {
        const found = await ordersOf(service, number);
        return found.length > 0 && found;
      },
      { timeoutMs: 60_000, everyMs: 500 },
    );

  await t.test('given an event that is lost, then the caller goes on all the same', async (t) => {
    const number = '13730000201';
    wire.lose = (event) =>
      event['Event-Name'] === 'CHANNEL_PARK' && event['Caller-Caller-ID-Number'] === number;
    const caller = await call(service, number, '');
    await until('the loss', () => wire.lost === 1);
    wire.lose = () => false;
    // Before the dead-man timer takes them to the apology.
    await until('the call', () => logged(service, 'call arrived').length === 1, {
      timeoutMs: 8000,
    });
    t.ok(
      logged(
        service,
        'the switch has other legs than we were told of; events were lost, looking at all of them',
      ).length > 0,
      'one line tells',
    );
    await playScript(caller, parseScript('!7'), { gapMs: 500 });
    await until('the recorder', () => recordingFiles(service).length > 0, { timeoutMs: 60_000 });
    await caller.say(speechLike(2000, 700));
    // The end of the recording is told to nobody.
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
  });

  await t.test('given a hang-up that is lost, then the call ends all the same', async () => {
    const number = '13730000202';
    const caller = await call(service, number, '!2,wait=1');
    const lost = wire.lost;
    wire.lose = (event) => event['Event-Name'] === 'CHANNEL_HANGUP_COMPLETE';
    caller.hangup();
    await until('the loss', () => wire.lost > lost);
    wire.lose = () => false;
    await until('the call to end', () => noCalls(service), { timeoutMs: 40_000 });
    await caller.close();
  });

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
        oneOrder('13730000204'),
        oneOrder('13730000205'),
      ]);
      for (const order of [first, second]) {
        t.match(order, { kind: 'message', category: 'unattended' });
        t.ok((order?.recordings[0]?.durationMs ?? 0) > 2000, 'what was said');
      }
      await until(
        'a line for each',
        () => logged(service, 'a message taken without the service is filed').length === 2,
      );
    },
  );
});
