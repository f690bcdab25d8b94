import { setTimeout as delay } from 'node:timers/promises';
import t from 'tap';
import { dial, type Caller } from '../../scripts/phone/caller.ts';
import { playScript } from '../../scripts/phone/play-script.ts';
import { parseScript } from '../../scripts/phone/script.ts';
import { speechLike } from '../../scripts/phone/voice.ts';
import { until } from '../support/until.ts';
import { recordingFiles } from '../support/calls.ts';
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
});
