import t from 'tap';
import { playScript } from '../../scripts/phone/play-script.ts';
import { parseScript } from '../../scripts/phone/script.ts';
import { speechLike } from '../../scripts/phone/voice.ts';
import { until } from '../../src/core/wait.ts';
import { call, ordersOf, recordingFiles } from '../support/calls.ts';
import { startService } from '../support/service.ts';

void t.test('a service that dies', async (t) => {
  const service = await startService();
  t.teardown(() => service.stop());

  await t.test('given kill -9 in the menu, then the caller goes on where they were', async (t) => {
    const caller = await call(service, '13712340002', '!2,wait=1');
    await service.kill();
    await service.start();
    await playScript(caller, parseScript('!3,speak,#,listen,hangup'), { gapMs: 500 });
    await caller.close();
    const [order] = await until('the order', async () => {
      const found = await ordersOf(service, '13712340002');
      return found.length > 0 && found;
    });
    t.match(order, { kind: 'repair', category: 'gas' });
  });

  await t.test(
    'given kill -9 while a repair is spoken, then one order with all of it',
    async (t) => {
      const caller = await call(service, '13712340003', '!2,!4,listen');
      await until('the recorder', () => recordingFiles(service).length > 1);
      const talk = caller.say(speechLike(4000));
      await service.kill();
      await talk;
      await service.start();
      await caller.press('#');
      const orders = await until('the order', async () => {
        const found = await ordersOf(service, '13712340003');
        return found.length > 0 && found;
      });
      caller.hangup();
      await caller.close();
      t.equal(orders.length, 1);
      t.ok((orders[0]?.recordings[0]?.durationMs ?? 0) > 3500, 'nothing of it is lost');
    },
  );

  await t.test(
    'given a caller who leaves while nobody watches, then the message is filed',
    async (t) => {
      const caller = await call(service, '13712340004', '!7,listen');
      await until('the recorder', () => recordingFiles(service).length > 2);
      const talk = caller.say(speechLike(2000));
      await service.kill();
      await talk;
      caller.hangup();
      await caller.close();
      await service.start();
      const orders = await until('the message', async () => {
        const found = await ordersOf(service, '13712340004');
        return found.length > 0 && found;
      });
      t.match(orders, [{ kind: 'message' }]);
    },
  );
});
