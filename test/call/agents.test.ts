import t from 'tap';
import { toneShare } from '../../scripts/phone/ear.ts';
import { speechLike } from '../../scripts/phone/voice.ts';
import { until } from '../support/until.ts';
import { decodeWav } from '../../src/switch/rtp/index.ts';
import type { DeskView } from '../../src/contract/agents/agents.ts';
import { call } from '../support/calls.ts';
import { openTrunkPhone } from '../support/callee.ts';
import { startService } from '../support/service.ts';

void t.test('a caller and the people who answer', async (t) => {
  const phone = await openTrunkPhone('answer');
  const service = await startService({ TRUNKS: `trunk=127.0.0.1:${phone.port}` });
  t.teardown(async () => {
    await phone.close();
    await service.stop();
  });

  const act = async (who: string, path: string, method = 'POST', body?: unknown) => {
    const token = await service.token(who);
    const reply = await service.api(path, {
      token,
      method,
      ...(body === undefined ? {} : { body }),
    });
    return { status: reply.status, body: (await reply.json()) as Record<string, unknown> };
  };
  const desk = async (who: string): Promise<DeskView | null> => {
    const { body } = await act(who, '/agents/me', 'GET');
    return body['desk'] as DeskView | null;
  };
  const seated = async (who: string, number: string) => {
    t.equal(
      (await act(who, '/agents/me/session', 'POST', { phone: 'outside', number })).status,
      200,
    );
    t.equal((await act(who, '/agents/me/presence', 'PUT', { presence: 'available' })).status, 200);
  };
  const numberOf = (taken: (typeof phone.calls)[number]) => taken.session.to.user;
  const takenBy = (number: string) =>
    until(`the phone ${number} to ring`, () =>
      phone.calls.findLast((one) => numberOf(one) === number && one.end === undefined),
    );

  await t.test(
    'given a free agent, when a caller presses 0, then they talk, are recorded, and it is wrapped up',
    async (t) => {
      await seated('agent1', '9001');
      const caller = await call(service, '13800000001', '!0');
      const taken = await takenBy('9001');
      const talking = await until('the conversation', async () => {
        const view = await desk('agent1');
        return view?.call?.conversation === 'talking' && view.call;
      });
      t.equal(talking.pop.candidates[0]?.name, '王建国', 'the screen shows who calls');
      t.ok((talking.pop.candidates[0]?.homes[0]?.unpaidFen ?? 0) > 0, 'and what they owe');
      await caller.say(speechLike(1500));
      await until('the agent to hear it', () => taken.ear.toneShare(1000, 400) > 0.2);
      void taken.say(speechLike(1500));
      await until('the caller to hear it', () => caller.ear.toneShare(1000, 400) > 0.2);

      t.equal((await act('agent1', `/calls/${talking.callId}/hold`)).status, 200);
      t.equal((await desk('agent1'))?.call?.conversation, 'held');
      t.equal((await act('agent1', `/calls/${talking.callId}/hold`)).status, 409, 'only once');
      t.equal((await act('agent1', `/calls/${talking.callId}/resume`)).status, 200);
      const draft = { kind: 'repair', summary: '厨房漏水' };
      t.equal((await act('agent1', `/calls/${talking.callId}/draft`, 'PUT', draft)).status, 200);
      caller.hangup();
      await caller.close();
      const wrapUp = await until(
        'the wrap-up',
        async () => (await desk('agent1'))?.wrapUp ?? undefined,
      );
      t.match(wrapUp, { callId: talking.callId, draft });
      const done = { reasonCode: 'repair', note: '已登记' };
      t.equal((await act('agent1', `/calls/${talking.callId}/wrap-up`, 'POST', done)).status, 200);
      t.equal((await desk('agent1'))?.agent.engagement, 'idle');
      const recording = await until('the recording', async () => {
        const token = await service.token();
        const reply = await service.api('/recordings', { token });
        const { items } = (await reply.json()) as {
          items: { id: string; callId: string; purpose: string; state: string }[];
        };
        return items.find((one) => one.callId === talking.callId && one.state === 'ready');
      });
      const token = await service.token();
      const audio = await service.api(`/recordings/${recording.id}/audio`, { token });
      const samples = decodeWav(Buffer.from(await audio.arrayBuffer()));
      t.ok(toneShare(samples, 1000) > 0.05, 'the recording holds what was said');
    },
  );

  await t.test(
    'given a consultation, then the colleague takes the caller over with the half-written order',
    async (t) => {
      await seated('agent2', '9002');
      const away = { presence: 'break', reason: 'training' };
      t.equal((await act('agent2', '/agents/me/presence', 'PUT', away)).status, 200);
      const caller = await call(service, '13900000002', '!0');
      await takenBy('9001');
      const { callId } = await until('the conversation', async () => {
        const view = await desk('agent1');
        return view?.call?.conversation === 'talking' && view.call;
      });
      const draft = { kind: 'complaint', summary: '电梯噪音' };
      await act('agent1', `/calls/${callId}/draft`, 'PUT', draft);
      const agent2 = (await desk('agent2'))!.agent.staffId;
      t.equal(
        (await act('agent1', `/calls/${callId}/consult`, 'POST', { staffId: agent2 })).status,
        200,
      );
      const colleague = await takenBy('9002');
      t.equal((await act('agent1', `/calls/${callId}/consult/complete`)).status, 200);
      const taken = await until('the colleague to have it', async () => {
        const view = await desk('agent2');
        return view?.call?.conversation === 'talking' && view.call;
      });
      t.match(taken.draft, draft, 'what the first agent wrote is there');
      await caller.say(speechLike(1500));
      await until(
        'the colleague to hear the caller',
        () => colleague.ear.toneShare(1000, 400) > 0.2,
      );
      t.equal((await desk('agent1'))?.wrapUp?.callId, callId, 'the first agent wraps up');
      colleague.session.hangup();
      await until('the caller to be let go', () => caller.end !== undefined);
      await caller.close();
      for (const who of ['agent1', 'agent2']) {
        await act(who, `/calls/${callId}/wrap-up`, 'POST', { reasonCode: 'complaint' });
      }
    },
  );

  await t.test(
    'given a service that dies in mid-conversation, then they go on talking and it is known again',
    async (t) => {
      const caller = await call(service, '13800000001', '!0');
      const taken = await takenBy('9001');
      await until(
        'the conversation',
        async () => (await desk('agent1'))?.call?.conversation === 'talking',
      );
      await service.kill();
      await caller.say(speechLike(1500));
      await until('the agent to hear it', () => taken.ear.toneShare(1000, 400) > 0.2);
      await service.start();
      const again = await until('the desk to know', async () => {
        const view = await desk('agent1');
        return view?.call?.conversation === 'talking' && view;
      });
      t.equal(again.agent.engagement, 'talking');
      caller.hangup();
      await caller.close();
      await until('the wrap-up', async () => (await desk('agent1'))?.wrapUp ?? undefined);
    },
  );

  await t.test(
    'given an agent who does not answer, then they are on a break and the caller waits',
    async (t) => {
      const view = (await desk('agent1'))!;
      if (view.wrapUp !== null) {
        await act('agent1', `/calls/${view.wrapUp.callId}/wrap-up`, 'POST', {
          reasonCode: 'other',
        });
      }
      const token = await service.token();
      const queues = (await (await service.api('/queues', { token })).json()) as {
        items: { queueId: string; code: string }[];
      };
      const general = queues.items.find((one) => one.code === 'general')!;
      t.equal(
        (await act('admin', `/queues/${general.queueId}`, 'PATCH', { offerSec: 5 })).status,
        200,
      );
      phone.behaviour = 'ring';
      const caller = await call(service, '13712340077', '!0');
      await until('the break', async () => (await desk('agent1'))?.agent.presence === 'break');
      t.notOk(caller.end !== undefined, 'the caller still waits');
      phone.behaviour = 'answer';
      await act('agent1', '/agents/me/presence', 'PUT', { presence: 'available' });
      await until('the conversation', async () => (await desk('agent1'))?.call ?? undefined, {
        timeoutMs: 90_000,
      });
      caller.hangup();
      await caller.close();
    },
  );
});
