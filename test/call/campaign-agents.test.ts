import t from 'tap';
import type { AgentCard } from '../../src/contract/campaigns/agent-sheet.ts';
import { newId } from '../../src/core/ids.ts';
import { until } from '../support/until.ts';
import { openCarrier } from '../support/carrier.ts';
import { ask, launch, noonZone } from '../support/campaigns.ts';
import { startService } from '../support/service.ts';

void t.test('campaigns of agents', async (t) => {
  const carrier = await openCarrier();
  const service = await startService({ TRUNKS: `trunk=127.0.0.1:${carrier.port}` });
  t.teardown(async () => {
    await service.stop();
    await carrier.close();
  });
  const { db } = service.database;
  const act = async (path: string, method = 'POST', body: unknown = {}) => {
    const token = await service.token('agent1');
    const reply = await service.api(path, {
      token,
      method,
      ...(method === 'GET' ? {} : { body }),
    });
    return { status: reply.status, body: (await reply.json()) as Record<string, unknown> };
  };
  const queue = await db
    .selectFrom('queue')
    .select('id')
    .where('code', '=', 'general')
    .executeTakeFirstOrThrow();
  const callsTo = (number: string) => carrier.calls.filter((one) => one.number === number);
  const attemptsOf = (campaignId: string) =>
    db
      .selectFrom('attempt')
      .selectAll()
      .where('campaignId', '=', campaignId)
      .orderBy('createdAt')
      .execute();
  const campaign = async (mode: string, numbers: readonly string[]) => {
    const list = await ask<{ id: string }>(service, 'supervisor', '/campaign-lists', {
      name: '回访名单',
      text: `电话,姓名\n${numbers.map((one) => `${one},住户`).join('\n')}`,
    });
    return launch(service, {
      name: '满意度回访',
      kind: 'agent_list',
      purpose: 'service',
      settings: {
        mode,
        queueId: queue.id,
        audience: { listId: list.id },
        timeZone: noonZone(),
        sheet: {
          script: { 'zh-CN': '您好，请问您对保洁满意吗？', en: 'Are you content?' },
          fields: [
            {
              key: 'cleaning',
              label: { 'zh-CN': '保洁', en: 'Cleaning' },
              options: ['满意', '不满意'],
              isRequired: true,
            },
          ],
          dispositions: [
            { code: 'done', label: { 'zh-CN': '已完成', en: 'Done' } },
            { code: 'call_again', label: { 'zh-CN': '再联系', en: 'Call again' } },
          ],
        },
      },
    });
  };
  carrier.subscribers.set('9001', { answerAfterMs: 200 });
  t.equal(
    (await act('/agents/me/session', 'POST', { phone: 'outside', number: '9001' })).status,
    200,
  );
  await act('/agents/me/presence', 'PUT', { presence: 'available' });
  const wrapUp = (callId: string) =>
    act(`/calls/${callId}/wrap-up`, 'POST', { reasonCode: 'other' });

  await t.test(
    'given one free agent and a progressive list, then a person is connected, and only one is dialled',
    async (t) => {
      // On a busy machine the first may be told that nobody is free in time, and hang up.
      const numbers = ['13410000001', '13410000002', '13410000003', '13410000004'];
      for (const number of numbers) carrier.subscribers.set(number, { hangUpAfterMs: 30_000 });
      const id = await campaign('progressive', numbers);
      const attempt = await until('somebody to be connected', async () => {
        const rows = await attemptsOf(id);
        const open = rows.filter((row) => row.state !== 'ended');
        return open.length === 1 && open[0]?.result === 'agent' && open[0];
      });
      const person = callsTo(attempt.number)[0];
      t.comment(`first word after ${person?.firstSoundMs} ms`);
      t.equal(callsTo('9001').at(-1)?.from, attempt.number, 'the agent sees who it is');
      await ask(service, 'supervisor', `/campaigns/${id}/stop`, {});
      person?.session.hangup();
      await until('the person to hang up', () => person?.endedAt !== undefined);
      await until('the wrap-up', async () => (await wrapUp(attempt.callId)).status === 200);
    },
  );

  await t.test(
    'given nobody free when a person answers, then they are told within two seconds',
    async (t) => {
      carrier.subscribers.set('13420000001', { isAway: true });
      const id = await campaign('progressive', ['13420000001']);
      const call = await until('it to ring', () => callsTo('13420000001')[0]);
      await act('/agents/me/presence', 'PUT', { presence: 'break', reason: 'lunch' });
      call.answer();
      const told = await until('them to be told', () =>
        db
          .selectFrom('callEvent')
          .innerJoin('attempt', 'attempt.callId', 'callEvent.callId')
          .select('callEvent.at')
          .where('attempt.campaignId', '=', id)
          .where('callEvent.kind', '=', 'campaign.acted')
          .executeTakeFirst(),
      );
      await until('the first word', () => call.firstSoundMs !== undefined);
      t.comment(`first word after ${call.firstSoundMs} ms`);
      const afterMs = told.at.getTime() - (call.answeredAt ?? 0);
      t.comment(`told after ${afterMs} ms`);
      call.session.hangup();
      const attempt = await until('the attempt to be over', async () => {
        const [row] = await attemptsOf(id);
        return row?.state === 'ended' && row;
      });
      t.equal(attempt.result, 'abandoned');
      const progress = await ask(service, 'admin', `/campaigns/${id}/progress`);
      t.match(progress, { abandoned: 1 });
      await ask(service, 'supervisor', `/campaigns/${id}/stop`, {});
      await act('/agents/me/presence', 'PUT', { presence: 'available' });
    },
  );

  await t.test(
    'given a preview, then nobody rings until the agent has looked at the person',
    async (t) => {
      const id = await campaign('preview', ['13430000001']);
      const card = await until('the next person', async () => {
        const reply = await act(`/campaigns/${id}/next-contact`);
        return reply.status === 200 && (reply.body as AgentCard);
      });
      t.equal(card.sheet.script['zh-CN'], '您好，请问您对保洁满意吗？');
      const { body: mine } = await act('/agents/me/campaigns', 'GET');
      t.match(mine, { items: [{ id, mode: 'preview', waiting: 1 }] });
      t.equal(callsTo('13430000001').length, 0);
      const before = callsTo('9001').length;
      const dialled = await act(`/campaigns/${id}/contacts/${card.contactId}/dial`);
      t.equal(dialled.status, 202);
      await until('the agent to ring', () => callsTo('9001').length === before + 1);
      const attempt = await until('the talk', async () => {
        const [row] = await attemptsOf(id);
        return row?.result === 'agent' && row;
      });
      t.equal(attempt.callId, dialled.body['callId']);
      t.match((await act(`/calls/${attempt.callId}/campaign-card`, 'GET')).body, {
        card: { contactId: card.contactId, outcome: null },
      });
      const outcome = { disposition: 'done', answers: { cleaning: '满意' }, note: '' };
      t.equal((await act(`/campaign-calls/${attempt.callId}/outcome`, 'PUT', outcome)).status, 200);
      t.match((await act(`/calls/${attempt.callId}/campaign-card`, 'GET')).body, {
        card: { outcome },
      });
      t.strictSame((await act(`/calls/${newId()}/campaign-card`, 'GET')).body, { card: null });
      t.match(await act(`/campaigns/${id}/contacts/${card.contactId}/dial`), {
        status: 409,
        body: { code: 'campaign.not_reserved' },
      });
      callsTo('13430000001')[0]?.session.hangup();
      await until('the wrap-up', async () => (await wrapUp(attempt.callId)).status === 200);
    },
  );
});
