import t from 'tap';
import { playScript } from '../../scripts/phone/play-script.ts';
import { parseScript } from '../../scripts/phone/script.ts';
import { until } from '../support/until.ts';
import { call, madeOrders, ordersOf } from '../support/calls.ts';
import { startService } from '../support/service.ts';
import { startTroubled } from '../support/trouble.ts';

/** What callers meet when a service or the switch dies; the same on both switches. */
void t.test('programs that die', async (t) => {
  const troubled = await startTroubled();
  const { sw, wire, service } = troubled;
  t.teardown(() => troubled.close());

  await t.test(
    'given a second service by mistake, then it stands by, and takes over when the first dies',
    async (t) => {
      const caller = await call(service, '13730000203', '!2,wait=1');
      const second = await service.twin();
      await until('the second to stand by', () =>
        second.output.includes('another service drives this switch; this one stands by'),
      );
      const token = await service.token('agent1');
      const seat = { method: 'POST', token, body: { phone: 'sip' } } as const;
      t.equal((await service.api('/agents/me/session', seat)).status, 200);
      t.match(await (await second.api('/agents/me/session', seat)).json(), {
        code: 'service.standby',
      });
      const health = await second.api('/health');
      t.equal(health.status, 503);
      t.match(await health.json(), { parts: { switches: [{ state: 'standby' }] } });
      await service.kill();
      await until(
        'the second to take over',
        async () => (await second.api('/health')).status === 200,
        { timeoutMs: 30_000, everyMs: 100 },
      );
      t.match(
        await (await second.api('/agents/me', { token })).json(),
        { desk: { agent: { username: 'agent1' } } },
        'who sat down at the first sits at the second',
      );
      await playScript(caller, parseScript('!3,speak,#,listen,hangup'), { gapMs: 500 });
      await caller.close();
      await until(
        'the order',
        async () => {
          const orders = await ordersOf(second, '13730000203');
          return orders.some((one) => one.kind === 'repair' && one.category === 'gas');
        },
        { timeoutMs: 60_000, everyMs: 500 },
      );
      await second.stop();
      await service.start();
    },
  );

  await t.test('given a service of another installation, then it stands by too', async (t) => {
    const stranger = await startService({ ESL_URLS: wire.url }, { mayStandBy: true });
    await until('the stranger to stand by', () =>
      stranger.output.includes('another installation drives this switch; this one stands by'),
    );
    t.equal((await stranger.api('/health')).status, 503);
    t.equal((await service.api('/health')).status, 200);
    await stranger.stop();
  });

  await t.test('given a switch that starts anew, then the next caller is served', async (t) => {
    const caller = await call(service, '13730000206', '!2,wait=1');
    await sw.restart();
    await until(
      'the word of it',
      () => service.output.includes('switch restarted; its calls are gone'),
      { timeoutMs: 60_000 },
    );
    await until('health', async () => (await service.api('/health')).status === 200, {
      timeoutMs: 60_000,
      everyMs: 100,
    });
    await caller.close();
    t.match(await (await service.api('/health')).json(), { liveCalls: 0 });
    const next = await call(service, '13730000207', '!2,!1,speak,#,listen,hangup');
    await next.close();
    const orders = await madeOrders(service, '13730000207');
    t.match(orders, [{ kind: 'repair', category: 'water' }]);
  });
});
