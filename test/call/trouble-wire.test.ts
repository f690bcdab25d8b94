import { setTimeout as delay } from 'node:timers/promises';
import t from 'tap';
import { dial, type Caller } from '../../scripts/phone/caller.ts';
import { playScript } from '../../scripts/phone/play-script.ts';
import { parseScript } from '../../scripts/phone/script.ts';
import { speechLike } from '../../scripts/phone/voice.ts';
import { until } from '../../src/core/wait.ts';
import { call, recordingFiles } from '../support/calls.ts';
import { logged, messagesOf, noCalls, startTroubled } from '../support/trouble.ts';

/** What callers meet when the wire to the switch fails; the same on both switches. */
void t.test('a wire that fails', async (t) => {
  const troubled = await startTroubled();
  const { sw, wire, service } = troubled;
  t.teardown(() => troubled.close());

  await t.test(
    'given the event socket lost for ten seconds with fifty calls live, then nobody loses anything',
    async (t) => {
      const numbers = Array.from({ length: 50 }, (_, at) => String(13_730_000_100 + at));
      const callers: Caller[] = [];
      for (const from of numbers) {
        const caller = await dial({ number: '4000', from, host: '127.0.0.1', port: sw.sipPort });
        service.callers.add(caller);
        callers.push(caller);
      }
      await Promise.all(callers.map((one) => playScript(one, parseScript('!7'), { gapMs: 500 })));
      await until('all recorders', () => recordingFiles(service).length >= 50, {
        timeoutMs: 60_000,
      });
      const before = logged(service, 'switch connection lost').length;
      wire.cut();
      const cutAt = Date.now();
      await Promise.all(callers.map((one) => one.say(speechLike(2500, 700))));
      for (const one of callers) await one.press('#');
      await delay(Math.max(0, 10_000 - (Date.now() - cutAt)));
      wire.mend();
      const filed = () => messagesOf(service, numbers);
      await until('all messages', async () => (await filed()).length >= 50, {
        timeoutMs: 60_000,
        everyMs: 500,
      });
      const messages = await filed();
      t.equal(new Set(messages.map((one) => one.contactNumber)).size, 50, 'everybody');
      t.equal(messages.length, 50, 'one each');
      t.ok(
        messages.every((one) => (one.durationMs ?? 0) > 2000),
        'each with all that was said',
      );
      t.equal(logged(service, 'switch connection lost').length, before + 1, 'one line tells');
      t.match(logged(service, 'switch connection lost').at(-1), { calls: 50 });
      for (const one of callers) one.hangup();
      await until('all calls to end', () => noCalls(service), { timeoutMs: 30_000 });
      await Promise.all(callers.map((one) => one.close()));
    },
  );

  await t.test('given an event that is lost, then the caller goes on all the same', async (t) => {
    const number = '13730000201';
    wire.lose = (event) =>
      event['Event-Name'] === 'CHANNEL_PARK' && event['Caller-Caller-ID-Number'] === number;
    const caller = await call(service, number, '');
    await until('the loss', () => wire.lost === 1);
    wire.lose = () => false;
    // Before the dead-man timer takes them to the apology.
    await until('the call', () => logged(service, 'call arrived').length > 50, {
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
    await caller.say(speechLike(2000, 700));
    // The end of the recording is told to nobody.
    const lost = wire.lost;
    wire.lose = (event) =>
      event['Event-Name'] === 'CHANNEL_EXECUTE_COMPLETE' && event['Application'] === 'record';
    await caller.press('#');
    await until('the loss', () => wire.lost > lost);
    wire.lose = () => false;
    await until('the message', async () => (await messagesOf(service, [number])).length === 1, {
      timeoutMs: 60_000,
    });
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
});
