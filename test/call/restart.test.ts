import { sql } from 'kysely';
import t from 'tap';
import { speechLike } from '../../scripts/phone/voice.ts';
import { until } from '../support/until.ts';
import { call, ordersOf, recordingFiles, says } from '../support/calls.ts';
import { hears } from '../support/hearing.ts';
import { startService, type Service } from '../support/service.ts';
import { isFreeswitch } from '../support/switch.ts';

void t.test('a service that dies', async (t) => {
  const service = await startService();
  t.teardown(() => service.stop());

  await t.test('given kill -9 in the menu, then the caller goes on where they were', async (t) => {
    const recorded = recordingFiles(service).length;
    const caller = await call(service, '13712340002', '!2');
    await until('the menu of repairs', () => hasPressed(service, '2'));
    // The switch waits 8 s for whoever takes a new call, and longer once it was taken: the service
    // sees to that in the first seconds.
    await until('the switch to wait longer', () => caller.received.totalMs >= 5000);
    await service.kill();
    await service.start();
    await caller.press('3');
    await until('the recorder', () => recordingFiles(service).length > recorded);
    await caller.say(speechLike());
    await caller.press('#');
    const [order] = await until('the order', async () => {
      const found = await ordersOf(service, '13712340002');
      return found.length > 0 && found;
    });
    t.match(order, { kind: 'repair', category: 'gas' });
    caller.hangup();
    await caller.close();
  });

  await t.test(
    'given kill -9 while a repair is spoken, then one order with all of it',
    async (t) => {
      const recorded = recordingFiles(service).length;
      const caller = await call(service, '13712340003', '!2,!4,listen');
      await until('the recorder', () => recordingFiles(service).length > recorded);
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
      const recorded = recordingFiles(service).length;
      const caller = await call(service, '13712340004', '!7,listen');
      await until('the recorder', () => recordingFiles(service).length > recorded);
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

  await t.test(
    'given kill -9 while bills are read, then they are read on, and again by key, with no new PIN',
    async (t) => {
      const caller = await call(service, '13800000001', '!1,!2468#');
      const beginning = await says(service, '您有两笔未缴账单。');
      t.ok((await hears(caller, beginning)) > 0.9, 'the reading has begun');
      await service.kill();
      await service.start();
      const bill = await says(service, '二零二六年十月物业费，二百八十六元五角。');
      t.ok((await hears(caller, bill)) > 0.9, 'the amount is heard');
      await until('the call to be led again', async () => {
        const { liveCalls } = (await (await service.api('/health')).json()) as {
          liveCalls: number;
        };
        return liveCalls === 1;
      });
      const fromMs = caller.received.totalMs;
      await caller.press('1');
      t.ok((await hears(caller, bill, { fromMs })) > 0.9, 'and again');
      caller.hangup();
      await caller.close();
    },
  );

  await t.test(
    'given kill -9 and a start that ends the demo telephones, then this machine is no trunk any more',
    { skip: isFreeswitch && 'its trunks stand in its configuration' },
    async (t) => {
      const isVerified = async (number: string) => {
        const caller = await call(service, number, '');
        const row = await until('the call', () =>
          service.database.db
            .selectFrom('call')
            .where('callerNumber', '=', number)
            .select('isNumberVerified')
            .executeTakeFirst(),
        );
        caller.hangup();
        await caller.close();
        return row.isNumberVerified;
      };
      t.equal(await isVerified('13900000003'), true);
      await service.kill();
      await service.start({ DEMO_PHONES: 'false' });
      t.equal(await isVerified('13900000004'), false);
    },
  );
});

/** Whether the service has acted upon that key of the only caller so far. */
async function hasPressed({ database }: Service, key: string): Promise<boolean> {
  const found = await database.db
    .selectFrom('callEvent')
    .where('kind', '=', 'flow.keyPressed')
    .where(sql`data ->> 'key'`, '=', key)
    .select('seq')
    .executeTakeFirst();
  return found !== undefined;
}
