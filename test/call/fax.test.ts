import { readFileSync } from 'node:fs';
import path from 'node:path';
import t from 'tap';
import { systemClock } from '../../src/core/clock.ts';
import { newId } from '../../src/core/ids.ts';
import { readFaxTiff } from '../../src/faxes/format/read-tiff.ts';
import { choose } from '../../src/property/index.ts';
import { call, ordersOf, says } from '../support/calls.ts';
import { launch, noonZone } from '../support/campaigns.ts';
import { hears } from '../support/hearing.ts';
import { addHomes } from '../support/homes.ts';
import { startService } from '../support/service.ts';
import { isFreeswitch } from '../support/switch.ts';
import { decodeT4 } from '../support/t4.ts';
import { until } from '../support/until.ts';

interface Sending {
  id: string;
  state: string;
  pages: number | null;
  reason: string | null;
  nextTryAt: string | null;
  callId: string | null;
  tries: { isSent: boolean; pagesSent: number; reason: string | null }[];
}

const slow = { timeoutMs: 120_000, everyMs: 500 };

void t.test('faxes of bills', async (t) => {
  // The trunk leads back to the switch itself, so that one FreeSWITCH is both machines.
  const service = await startService({ TRUNKS: isFreeswitch ? 'loop' : 'loop=127.0.0.1:9' });
  t.teardown(() => service.stop());
  const { db } = service.database;
  const token = await service.token('agent1');
  const bills = await db
    .selectFrom('bill')
    .innerJoin('occupancy', 'occupancy.roomId', 'bill.roomId')
    .innerJoin('personPhone', 'personPhone.personId', 'occupancy.personId')
    .select('bill.id')
    .where('personPhone.number', '=', '13800000001')
    .whereRef('bill.paidFen', '<', 'bill.amountFen')
    .execute();
  const billIds = [...new Set(bills.map(({ id }) => id))];
  const ask = (number: string) =>
    service.api('/fax-sendings', {
      ...{ token, method: 'POST' },
      body: { billIds, number, language: 'zh-CN' },
    });
  const look = async (id: string) =>
    (await (await service.api(`/fax-sendings/${id}`, { token })).json()) as Sending;
  /** A caller who has given the PIN, hears the bills, and asks for a fax of them. */
  const asking = async (from: string) => {
    const caller = await call(service, from, '!1,!2468#');
    await until('the bills', () => nodeOf(from, 'billsRead'), slow);
    const heardMs = caller.ear.soundMs;
    await until('the first of them', () => caller.ear.soundMs > heardMs + 500);
    await caller.press('2');
    return caller;
  };
  const nodeOf = async (from: string, node: string) => {
    const row = await db
      .selectFrom('callEvent')
      .innerJoin('call', 'call.id', 'callEvent.callId')
      .select('call.id')
      .where('call.callerNumber', '=', from)
      .where('callEvent.kind', '=', 'flow.stepped')
      .where((where) => where(where.ref('callEvent.data', '->>').key('node'), '=', node))
      .executeTakeFirst();
    return row?.id;
  };

  const sentFor = (column: 'id' | 'callId', value: string) =>
    db
      .selectFrom('faxSending')
      .selectAll()
      .where(column, '=', value)
      .where('state', '=', 'sent')
      .executeTakeFirst();

  if (!isFreeswitch) {
    await t.test(
      'given a switch without a modem, then it says so, also by telephone',
      async (t) => {
        const reply = await ask('4000');
        t.equal(reply.status, 501);
        t.match(await reply.json(), { code: 'fax.not_possible' });
        const caller = await asking('13800000001');
        const refusal = await says(service, '对不起，目前无法发送传真。');
        t.ok((await hears(caller, refusal)) > 0.9, 'it is said');
        caller.hangup();
        await caller.close();
      },
    );
    return;
  }

  await t.test('given bills of a home, then the page arrives as it was drawn', async (t) => {
    const reply = await ask('4000');
    t.equal(reply.status, 202);
    const { id } = (await reply.json()) as Sending;
    const sent = await until(
      'the fax to be sent',
      async () => {
        const now = await look(id);
        return (now.state === 'sent' || now.tries.some(({ reason }) => reason !== null)) && now;
      },
      slow,
    );
    t.match(sent, { state: 'sent', pages: 1, tries: [{ isSent: true, pagesSent: 1 }] });
    const [came] = await until('the fax to be filed', async () => {
      const rows = await db.selectFrom('fax').selectAll().execute();
      return rows.length > 0 && rows;
    });
    t.match(came, { did: '4000', pages: 1 });
    const faxes = path.join(service.dataDir, 'faxes');
    const pagesOf = (file: string) => readFaxTiff(readFileSync(path.join(faxes, file)));
    const [drawn] = pagesOf(`out/${id}.tiff`);
    const [received] = pagesOf(`${came?.id}.tiff`);
    t.equal(received?.width, drawn?.width);
    t.ok(received !== undefined && drawn !== undefined);
    if (drawn !== undefined) {
      const rows = decodeT4(drawn.data, drawn.width).length / (drawn.width / 8);
      t.ok(Math.abs((received?.height ?? 0) - rows) < 40, 'all of its lines');
    }
    t.match((await ordersOf(service, '4000'))[0], { category: 'fax' });
  });

  await t.test('given nobody takes it, then it is tried again later', async (t) => {
    const { id } = (await (await ask('9999')).json()) as Sending;
    const tried = await until('the first try', async () => {
      const now = await look(id);
      return now.state === 'waiting' && now.tries.some(({ reason }) => reason !== null) && now;
    });
    t.match(tried, { state: 'waiting', tries: [{ isSent: false, pagesSent: 0 }] });
    t.ok(Date.parse(tried.nextTryAt ?? '') > Date.now() + 60_000, tried.reason ?? '');
  });

  await t.test('given a caller who asks for it on the hotline, then it is sent', async (t) => {
    const caller = await asking('13800000001');
    const callId = await until(
      'the question for the number',
      () => nodeOf('13800000001', 'billsFaxNumber'),
      slow,
    );
    await caller.press('4100#');
    const row = await until(
      'the fax to be sent',
      () =>
        db
          .selectFrom('faxSending')
          .selectAll()
          .where('callId', '=', callId)
          .where('state', '=', 'sent')
          .executeTakeFirst(),
      slow,
    );
    caller.hangup();
    await caller.close();
    t.match(row, { number: '4100', staffId: null, pages: 1 });
  });

  await t.test('given a caller who wants an article, then it is faxed', async (t) => {
    const from = '13712341010';
    const caller = await call(service, from, '!5,!2');
    await until('the article', () => nodeOf(from, 'infoRead'), slow);
    const heardMs = caller.ear.soundMs;
    await until('the first of it', () => caller.ear.soundMs > heardMs + 500);
    await caller.press('3');
    await until('the question where to', () => nodeOf(from, 'infoFaxOwn'), slow);
    await caller.press('2');
    const callId = await until('the number', () => nodeOf(from, 'infoFaxNumber'), slow);
    await caller.press('4100#');
    const promise = await says(service, '资料将传真至四幺零零。');
    t.ok((await hears(caller, promise)) > 0.9, 'it is said');
    const row = await until('the fax to be sent', () => sentFor('callId', callId), slow);
    caller.hangup();
    await caller.close();
    t.match(row, { number: '4100', did: '4000', billIds: null, staffId: null, pages: 1 });
    t.ok(row.articleId);

    const reply = await service.api(`/articles/${row.articleId}/fax`, {
      ...{ token, method: 'POST', body: { number: '4000', language: 'en' } },
    });
    t.equal(reply.status, 202);
    const { id } = (await reply.json()) as Sending;
    const asked = await until('the fax that staff asked for', () => sentFor('id', id), slow);
    t.match(asked, { number: '4000', articleId: row.articleId, pages: 1, language: 'en' });
  });

  await t.test(
    'given a person who chose faxes, then a notice is faxed to them instead of a call',
    async (t) => {
      await db.updateTable('estate').set({ timeZone: noonZone() }).execute();
      const [roomId = ''] = await addHomes(db, [
        { building: '81', room: '101', numbers: ['13880000001'] },
      ]);
      const { personId } = await db
        .selectFrom('occupancy')
        .select('personId')
        .where('roomId', '=', roomId)
        .executeTakeFirstOrThrow();
      // The hotline takes faxes, too; its number is shorter than those that staff may enter.
      await db
        .insertInto('personAddress')
        .values({ id: newId(), personId, channel: 'fax', address: '4000', isPrimary: true })
        .execute();
      await db.transaction().execute((trx) =>
        choose(trx, systemClock, personId, {
          ...{ topic: 'outage', isWanted: true, channels: ['fax'], hours: null },
          evidence: 'test',
        }),
      );
      const before = await db.selectFrom('fax').select('id').execute();
      const id = await launch(service, {
        name: '停水通知',
        kind: 'notice',
        topic: 'outage',
        settings: {
          audience: { roomIds: [roomId] },
          script: {
            flowId: 'campaign-notice',
            texts: { message: { 'zh-CN': '今天下午停水检修。', en: 'No water this afternoon.' } },
            isHumanVoice: false,
          },
          timeZone: noonZone(),
          fallback: ['fax'],
        },
      });
      const message = await until(
        'the fax to have an end',
        async () => {
          const row = await db
            .selectFrom('outboundMessage')
            .selectAll()
            .where('campaignId', '=', id)
            .executeTakeFirst();
          return row !== undefined && ['delivered', 'failed'].includes(row.state) && row;
        },
        slow,
      );
      t.match(message, { channel: 'fax', state: 'delivered', address: '4000' });
      t.match(message.body, /今天下午停水检修。/);
      const contact = await db
        .selectFrom('campaignContact')
        .select(['state', 'result', 'attempts'])
        .where('campaignId', '=', id)
        .executeTakeFirst();
      t.match(contact, { state: 'reached', result: 'written', attempts: 0 });
      await until('the page to be filed', async () => {
        const rows = await db.selectFrom('fax').select('id').execute();
        return rows.length > before.length;
      });
    },
  );
});
