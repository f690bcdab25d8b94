import t, { type Test } from 'tap';
import { EslConnection } from '../../src/cti/esl/connection.ts';
import { startService } from '../support/service.ts';
import { isFreeswitch } from '../support/switch.ts';
import { until } from '../support/until.ts';

const slow = { timeoutMs: 150_000, everyMs: 500 };
const skip = isFreeswitch
  ? false
  : 'the embedded switch has no modem; docs/protocol/differences.md';

/** The trunk leads back to the switch, so that each fax is both sent and received by it. */
void t.test('a service that dies while a fax is on its way', { skip }, async (t) => {
  const service = await startService({ TRUNKS: 'loop' });
  t.teardown(() => service.stop());
  const { db } = service.database;
  const url = new URL(process.env['FREESWITCH_ESL'] ?? '');
  const esl = await EslConnection.open(
    { host: url.hostname, port: Number(url.port), password: decodeURIComponent(url.password) },
    () => undefined,
  );
  t.teardown(() => esl.close());
  const legs = async () => Number(/(\d+) total/.exec(await esl.api('show channels count'))?.[1]);
  const { billId } = await db
    .selectFrom('bill')
    .select('bill.id as billId')
    .whereRef('bill.paidFen', '<', 'bill.amountFen')
    .executeTakeFirstOrThrow();

  const begin = async (number: string) => {
    const token = await service.token('agent1');
    const body = { billIds: [billId], number, language: 'zh-CN' };
    const reply = await service.api('/fax-sendings', { token, method: 'POST', body });
    t.equal(reply.status, 202);
    const { id } = (await reply.json()) as { id: string };
    await until(
      'the modems to talk',
      async () => {
        const listed = await esl.api('show channels');
        return listed.includes('txfax') && listed.includes('rxfax');
      },
      slow,
    );
    return id;
  };
  /** What there is of a fax when all is over. */
  const outcome = async (id: string, did: string) => {
    const sent = await until(
      'the result',
      () =>
        db
          .selectFrom('faxSending')
          .selectAll()
          .where('id', '=', id)
          .where('state', '<>', 'sending')
          .executeTakeFirst(),
      slow,
    );
    const filed = await until(
      'the fax to be filed',
      async () => {
        const rows = await db.selectFrom('fax').selectAll().where('did', '=', did).execute();
        return rows.length > 0 && rows;
      },
      slow,
    );
    const tries = await db.selectFrom('faxTry').selectAll().where('faxId', '=', id).execute();
    return { sent, filed, tries };
  };
  const once = (t: Test, all: Awaited<ReturnType<typeof outcome>>) => {
    t.match(all.sent, { state: 'sent', pages: 1, reason: null });
    t.equal(all.tries.length, 1, 'sent once');
    t.match(all.tries, [{ isSent: true, pagesSent: 1, reason: 'OK' }]);
    t.equal(all.filed.length, 1, 'filed once');
    t.ok(all.filed[0]?.workOrderId, 'with an order');
  };

  await t.test('given it comes back in time, then it goes on with the call', async (t) => {
    const id = await begin('4000');
    await service.kill();
    await service.start();
    once(t, await outcome(id, '4000'));
  });

  await t.test('given all is over when it comes back, then the result is known', async (t) => {
    const id = await begin('4100');
    await service.kill();
    await until('both machines to be done', async () => (await legs()) === 0, slow);
    await service.start();
    once(t, await outcome(id, '4100'));
    t.notMatch(await esl.api('global_getvar'), /lt_fax_/, 'nothing is left on the switch');
  });
});
