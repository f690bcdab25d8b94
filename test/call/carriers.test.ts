import t from 'tap';
import { buildPop } from '../../src/lookup/pop.ts';
import { systemClock } from '../../src/core/clock.ts';
import { dial } from '../../scripts/phone/caller.ts';
import { playScript } from '../../scripts/phone/play-script.ts';
import { parseScript } from '../../scripts/phone/script.ts';
import { startService } from '../support/service.ts';
import { openTrunkPhone } from '../support/callee.ts';
import { isFreeswitch, startSwitch } from '../support/switch.ts';
import { until } from '../support/until.ts';

const options = isFreeswitch ? { skip: 'a FreeSWITCH knows its trunks by its own acl' } : {};

/** A trunk calls from 127.0.0.2; whoever calls from 127.0.0.1 is a stranger. */
void t.test('whose word counts for a caller’s number', options, async (t) => {
  const outside = await openTrunkPhone('ring');
  const sw = await startSwitch({
    trunks: { carrier: { from: ['127.0.0.2'] } },
    gateways: { trunk: { host: '127.0.0.1', port: outside.port } },
  });
  const { host, port, password } = sw.address;
  const service = await startService(
    { ESL_URLS: `esl://:${password}@${host}:${port}`, TRUNKS: 'trunk' },
    { sipPort: sw.sipPort },
  );
  t.teardown(async () => {
    await service.stop();
    await sw.close();
    await outside.close();
  });
  const { db } = service.database;

  const comes = async (
    localHost: string,
    from: string,
    headers: readonly (readonly [string, string])[] = [],
  ) => {
    const caller = await dial({
      ...{ number: '4000', from, host: '127.0.0.1', port: sw.sipPort, localHost, headers },
    });
    service.callers.add(caller);
    const row = await until('the row of the call', () =>
      db.selectFrom('call').selectAll().where('endedAt', 'is', null).executeTakeFirst(),
    );
    return { caller, row };
  };
  const leaves = async ({ caller, row }: Awaited<ReturnType<typeof comes>>) => {
    caller.hangup();
    await caller.close();
    await until('the end of the call', async () => {
      const { endedAt } = await db
        .selectFrom('call')
        .select('endedAt')
        .where('id', '=', row.id)
        .executeTakeFirstOrThrow();
      return endedAt !== null;
    });
  };
  const nodesOf = async (callId: string) => {
    const rows = await db
      .selectFrom('callEvent')
      .select('data')
      .where('callId', '=', callId)
      .where('kind', '=', 'flow.stepped')
      .execute();
    return rows.map(({ data }) => (data as { node: string }).node);
  };

  await t.test(
    'a stranger who claims an owner’s number is nobody, and hears of no bills',
    async (t) => {
      const call = await comes('127.0.0.1', '13800000001', [
        ['P-Asserted-Identity', '<tel:13900000002>'],
        ['Remote-Party-ID', '<sip:13900000002@127.0.0.1>'],
      ]);
      t.match(call.row, { callerNumber: '13800000001', isNumberVerified: false });
      await playScript(call.caller, parseScript('!1'), { gapMs: 200 });
      const nodes = await until('the menu to ask nobody for a message', async () => {
        const seen = await nodesOf(call.row.id);
        return seen.some((node) => /message/i.test(node)) && seen;
      });
      t.notOk(
        nodes.some((node) => /pin/i.test(node)),
        'not even a PIN is asked for',
      );
      const pop = await buildPop(db, systemClock, call.row.id);
      t.match(pop, { isNumberVerified: false, personId: null, candidates: [] });
      const token = await service.token('supervisor');
      const shown = await service.api(`/calls/${call.row.id}`, { token });
      t.match(await shown.json(), { isNumberVerified: false });
      await leaves(call);
    },
  );

  await t.test(
    'an asserted number from a trunk identifies a caller who hides theirs',
    async (t) => {
      const call = await comes('127.0.0.2', 'anonymous', [
        ['Privacy', 'id'],
        ['P-Asserted-Identity', '"Wang" <sip:+8613800000001@carrier.test;user=phone>'],
      ]);
      t.match(call.row, { callerNumber: '13800000001', isNumberVerified: true });
      const pop = await buildPop(db, systemClock, call.row.id);
      t.match(pop, { isNumberVerified: true, candidates: [{ name: '王建国' }] });
      await leaves(call);
    },
  );

  await t.test('a number that is withheld is not shown to a telephone outside', async (t) => {
    const token = await service.token('agent1');
    const act = async (path: string, method: 'POST' | 'PUT', body: object) => {
      t.equal((await service.api(path, { method, token, body })).status, 200);
    };
    await act('/agents/me/session', 'POST', { phone: 'outside', number: '13900000777' });
    await act('/agents/me/presence', 'PUT', { presence: 'available' });
    const shown: string[] = [];
    for (const privacy of [[['Privacy', 'id']], []] as const) {
      const call = await comes('127.0.0.2', '13800000001', privacy);
      await playScript(call.caller, parseScript('!0'), { gapMs: 200 });
      const rung = await until('the telephone outside', () => outside.calls[shown.length]);
      shown.push(
        `${rung.session.headers('From').join()} ${rung.session.headers('P-Asserted-Identity').join()}`,
      );
      await leaves(call);
    }
    t.match(shown[0], /anonymous/);
    t.notMatch(shown[0], /13800000001/, 'who withholds it');
    t.match(shown[1], /13800000001/, 'and who does not');
  });
});
