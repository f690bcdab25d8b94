import t from 'tap';
import { until } from '../support/until.ts';
import type { DeskView } from '../../src/contract/agents/agents.ts';
import type { QueueListItem } from '../../src/contract/agents/queues.ts';
import type { Caller } from '../../scripts/phone/caller.ts';
import { call } from '../support/calls.ts';
import { openTrunkPhone, type TakenCall } from '../support/callee.ts';
import { humming } from '../support/hum.ts';
import { startService } from '../support/service.ts';

void t.test('what agents and supervisors do with a call', async (t) => {
  const phone = await openTrunkPhone('answer');
  const service = await startService({
    TRUNKS: `trunk=127.0.0.1:${phone.port}`,
    DUTY_NUMBER: '9009',
  });
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
  const done = async (who: string, path: string, method = 'POST', body?: unknown) => {
    const reply = await act(who, path, method, body);
    t.equal(reply.status, 200, `${who} ${method} ${path}: ${JSON.stringify(reply.body)}`);
  };
  const desk = async (who: string) => {
    const { body } = await act(who, '/agents/me', 'GET');
    return body['desk'] as DeskView | null;
  };
  const seated = (who: string, number: string) =>
    done(who, '/agents/me/session', 'POST', { phone: 'outside', number });
  const free = async (who: string) => {
    const reply = await act(who, '/agents/me/presence', 'PUT', { presence: 'available' });
    const isFree = reply.status === 200 || reply.body['code'] === 'agent.already_so';
    t.ok(isFree, `${who} is free: ${JSON.stringify(reply.body)}`);
  };
  const away = (who: string) =>
    done(who, '/agents/me/presence', 'PUT', { presence: 'break', reason: 'training' });
  /** The telephone of that number, humming a tone of its own once it is picked up. */
  const takenBy = async (number: string, hz: number): Promise<TakenCall> => {
    const taken = await until(`the phone ${number} to ring`, () =>
      phone.calls.findLast((one) => one.session.to.user === number && one.end === undefined),
    );
    void taken.say(humming(hz));
    return taken;
  };
  const talking = (who: string) =>
    until(`${who} to talk`, async () => {
      const view = await desk(who);
      return view?.call?.conversation === 'talking' && view.call;
    });
  const hears = (what: string, { ear }: TakenCall | Caller, hz: number, isHeard = true) =>
    until(`${what} ${isHeard ? 'to' : 'not to'} hear ${hz} Hz`, () => {
      const share = ear.toneShare(hz, 400);
      return isHeard ? share > 0.1 : share < 0.02;
    });
  const comes = async (from: string, keys = '!0'): Promise<Caller> => {
    const caller = await call(service, from, keys);
    void caller.say(humming(1000));
    return caller;
  };
  const tidy = async (who: string) => {
    const wrapUp = await until(
      `the wrap-up of ${who}`,
      async () => (await desk(who))?.wrapUp ?? false,
    );
    await done(who, `/calls/${wrapUp.callId}/wrap-up`, 'POST', { reasonCode: 'other' });
  };
  const idOf = async (who: string) => (await desk(who))?.agent.staffId ?? '';

  for (const [who, number] of [
    ['agent1', '9001'],
    ['agent2', '9002'],
    ['supervisor', '9005'],
  ] as const) {
    await seated(who, number);
  }

  await t.test(
    'given a blind transfer, then the colleague sees the order and who sent it, and takes it',
    async (t) => {
      await free('agent1');
      const caller = await comes('13800000001');
      const first = await takenBy('9001', 700);
      const { callId } = await talking('agent1');
      await done('agent1', `/calls/${callId}/draft`, 'PUT', { summary: '门禁卡失灵' });
      const self = { staffId: await idOf('agent1') };
      const nobody = { staffId: '00000000-0000-4000-8000-000000000001' };
      for (const [to, code] of [
        [self, 'conversation.already_in'],
        [{ number: '+86 138-0000-0001' }, 'conversation.already_in'],
        [nobody, 'conversation.nobody_there'],
      ] as const) {
        for (const how of ['transfer', 'consult']) {
          t.match(await act('agent1', `/calls/${callId}/${how}`, 'POST', to), {
            ...{ status: 409, body: { code } },
          });
        }
      }
      t.equal((await desk('agent1'))?.call?.conversation, 'talking', 'and nobody was put on hold');
      phone.behaviour = 'ring';
      await free('agent2');
      await done('agent1', `/calls/${callId}/transfer`, 'POST', { staffId: await idOf('agent2') });
      const offer = await until('the offer', async () => (await desk('agent2'))?.offer ?? false);
      t.match(offer, {
        kind: 'transfer',
        fromStaffId: await idOf('agent1'),
        draft: { summary: '门禁卡失灵' },
      });
      const second = await takenBy('9002', 1300);
      second.answer();
      phone.behaviour = 'answer';
      await talking('agent2');
      await hears('the colleague', second, 1000);
      await hears('the caller', caller, 1300);
      t.ok(first.end, 'the first telephone is put down');
      await tidy('agent1');

      // Conference: the first is asked back.
      await done('agent2', `/calls/${callId}/consult`, 'POST', { staffId: await idOf('agent1') });
      const third = await takenBy('9001', 700);
      await hears('the colleague', second, 700);
      await hears('the caller', caller, 700, false);
      await done('agent2', `/calls/${callId}/conference`);
      await hears('the caller', caller, 700);
      await hears('the caller', caller, 1300);
      await hears('the second', second, 1000);
      await hears('the second', second, 700);
      await hears('the first', third, 1000);
      await hears('the first', third, 1300);
      third.session.hangup();
      await talking('agent2');
      await hears('the second', second, 1000);
      await hears('the caller', caller, 1300);
      await hears('the caller', caller, 700, false);
      const order = await act('agent2', '/work-orders', 'POST', {
        ...{ kind: 'repair', category: 'public', summary: '门禁卡失灵', callId },
      });
      t.equal(order.status, 201, JSON.stringify(order.body));
      caller.hangup();
      await caller.close();
      await tidy('agent1');
      await tidy('agent2');
      await away('agent2');
      const told = await act('supervisor', `/calls/${callId}`, 'GET');
      t.match(told.body, { outcome: 'order_made' }, 'what the call came to survives');
      const owners = (told.body['agents'] as { displayName: string }[]).length;
      t.equal(owners, 2, 'and who has talked in it');
      const kinds = (told.body['events'] as { kind: string }[]).map(({ kind }) => kind);
      t.ok(kinds.includes('call.transferred'));
    },
  );

  await t.test(
    'given a supervisor, then they listen, whisper, barge in and take over, and it is audited',
    async (t) => {
      const caller = await comes('13900000002');
      const agent = await takenBy('9001', 700);
      const { callId } = await talking('agent1');
      const mode = (mode: string) =>
        done('supervisor', `/calls/${callId}/supervision`, 'PUT', { mode });
      await mode('listen');
      const supervisor = await takenBy('9005', 1700);
      await hears('the supervisor', supervisor, 1000);
      await hears('the supervisor', supervisor, 700);
      await hears('the agent', agent, 1700, false);
      await hears('the caller', caller, 1700, false);
      t.equal((await desk('agent1'))?.call?.isSupervised, true, 'the agent may know');
      await mode('whisper');
      await hears('the agent', agent, 1700);
      await hears('the caller', caller, 1700, false);
      await mode('barge');
      await hears('the agent', agent, 1700);
      await hears('the caller', caller, 1700);
      await mode('take_over');
      await talking('supervisor');
      const taken = await takenBy('9005', 1700);
      await hears('the caller', caller, 1700);
      await hears('the supervisor', taken, 1000);
      await hears('the caller', caller, 700, false);
      await until('the agent to be free of it', () => agent.end !== undefined);
      caller.hangup();
      await caller.close();
      await tidy('agent1');
      await tidy('supervisor');
      const { body } = await act('admin', `/audit?subject=${callId}`, 'GET');
      const acts = (body['items'] as { act: string }[]).map((one) => one.act).sort();
      t.strictSame(acts, ['call.barge', 'call.listen', 'call.take_over', 'call.whisper']);
    },
  );

  await t.test(
    'given a number that is dialled, then both talk, and it is wrapped up',
    async (t) => {
      const made = await act('agent1', '/calls', 'POST', { number: '13712340001' });
      t.equal(made.status, 201, JSON.stringify(made.body));
      const agent = await takenBy('9001', 700);
      const customer = await takenBy('13712340001', 1000);
      await talking('agent1');
      await hears('the agent', agent, 1000);
      await hears('the customer', customer, 700);
      await done('agent1', `/calls/${String(made.body['callId'])}/hangup`);
      await until('the customer to be let go', () => customer.end !== undefined);
      await tidy('agent1');
    },
  );

  await t.test(
    'given a home of another estate than the first, when it is dialled, then it sees its own number',
    async (t) => {
      const { body } = await act('agent1', '/search?q=%E6%9D%8E%E7%A7%80%E8%8B%B1', 'GET');
      const [li] = body['people'] as {
        personId: string;
        homes: { roomId: string; label: string; estateId: string }[];
      }[];
      const home = li?.homes.find(({ label }) => label === '1栋1单元1601');
      const [number, stranger] = ['13900000002', '13712340003'];
      const about = { number, personId: li?.personId, roomId: home?.roomId };
      for (const [asked, did, estateId] of [
        [about, '4100', home?.estateId],
        [{ number: stranger }, '4000', null],
      ] as const) {
        const made = await act('agent1', '/calls', 'POST', asked);
        t.equal(made.status, 201, JSON.stringify(made.body));
        const callId = String(made.body['callId']);
        await takenBy('9001', 700);
        const customer = await takenBy(asked.number, 1000);
        await talking('agent1');
        t.equal(customer.session.from.user, did);
        const { body: call } = await act('agent1', `/calls/${callId}`, 'GET');
        t.match(call, { did, estateId });
        await done('agent1', `/calls/${callId}/hangup`);
        await until('the customer to be let go', () => customer.end !== undefined);
        await tidy('agent1');
      }
    },
  );

  await t.test(
    'given a number that is dialled, when it is sent on, then the next talks',
    async () => {
      const made = await act('agent1', '/calls', 'POST', { number: '13712340002' });
      const callId = String(made.body['callId']);
      const agent = await takenBy('9001', 700);
      const customer = await takenBy('13712340002', 1000);
      await talking('agent1');
      await hears('the agent', agent, 1000);
      await free('agent2');
      await done('agent1', `/calls/${callId}/transfer`, 'POST', { staffId: await idOf('agent2') });
      const second = await takenBy('9002', 1300);
      await talking('agent2');
      await hears('the customer', customer, 1300);
      await hears('the second', second, 1000);
      await done('agent2', `/calls/${callId}/hangup`);
      await until('the customer to be let go', () => customer.end !== undefined);
      await tidy('agent1');
      await tidy('agent2');
      await away('agent2');
    },
  );

  await t.test(
    'given nobody free, when a caller asks to be called back, then they are, in their turn',
    async () => {
      await away('agent1');
      const caller = await comes('13712340088');
      await until('the queue', async () => {
        const { rows } = await waiting();
        return rows === 1;
      });
      await caller.press('1');
      await until('the caller to be let go', () => caller.end !== undefined);
      await caller.close();
      await free('agent1');
      const agent = await takenBy('9001', 700);
      const customer = await takenBy('13712340088', 1000);
      await talking('agent1');
      await hears('the agent', agent, 1000);
      await hears('the customer', customer, 700);
      customer.session.hangup();
      await tidy('agent1');
    },
  );

  await t.test('given a queue that needs a skill, then only who has it is rung', async (t) => {
    const { body } = await act('supervisor', '/queues', 'GET');
    const general = (body['items'] as QueueListItem[]).find((one) => one.code === 'general')!;
    const skill = { code: 'cantonese', name: { 'zh-CN': '粤语', en: 'Cantonese' } };
    const known = await act('supervisor', '/skills', 'POST', skill);
    t.ok([201, 409].includes(known.status));
    const wish = { skills: [{ skill: 'cantonese', minLevel: 3 }] };
    await done('supervisor', `/queues/${general.queueId}`, 'PATCH', wish);
    await free('agent2');
    const skills = { skills: [{ skill: 'cantonese', level: 4 }] };
    const token = await service.token('supervisor');
    const set = await service.api(`/agents/${await idOf('agent2')}/skills`, {
      ...{ token, method: 'PUT', body: skills },
    });
    t.equal(set.status, 204);
    const before = phone.calls.length;
    const caller = await comes('13712340099');
    const taken = await takenBy('9002', 1300);
    await talking('agent2');
    await hears('the caller', caller, 1300);
    await hears('the agent', taken, 1000);
    t.equal(phone.calls.length, before + 1, 'the other telephone did not ring');
    caller.hangup();
    await caller.close();
    await tidy('agent2');
    await done('supervisor', `/queues/${general.queueId}`, 'PATCH', { skills: [] });
  });

  await t.test(
    'given a hotline whose queue asks for marks, when the agent leaves, then the mark is on the call',
    async (t) => {
      const { body } = await act('supervisor', '/queues', 'GET');
      const general = (body['items'] as QueueListItem[]).find((one) => one.code === 'general')!;
      const { queueId: _id, members: _members, code: _code, ...settings } = general;
      const name = { 'zh-CN': '滨江服务', en: 'Riverside' };
      const made = await act('supervisor', '/queues', 'POST', {
        ...{ ...settings, name, code: 'riverside', asksForMark: true },
      });
      const queueId = String(made.body['queueId']);
      const staffId = await idOf('agent2');
      const token = await service.token('supervisor');
      const members = { staffIds: [staffId] };
      await service.api(`/queues/${queueId}/members`, { token, method: 'PUT', body: members });
      await done('supervisor', '/hotlines/4100', 'PATCH', { queueId });
      await free('agent1');
      await free('agent2');
      const caller = await call(service, '13712340077', '!0', '4100');
      const agent = await takenBy('9002', 1300);
      const { callId } = await talking('agent2');
      await hears('the caller', caller, 1300);
      await done('agent2', `/calls/${callId}/hangup`);
      await until('the agent to be let go', () => agent.end !== undefined);
      await tidy('agent2');
      const before = caller.ear.soundMs;
      await until('the question', () => caller.ear.soundMs > before + 1000);
      await caller.press('1');
      await until('the caller to be let go', () => caller.end !== undefined);
      await caller.close();
      const told = await act('supervisor', `/calls/${callId}`, 'GET');
      t.match(told.body, { outcome: 'talked', marks: [{ survey: 'service', score: 5 }] });
      const report = await act('supervisor', '/reports/satisfaction?by=agent', 'GET');
      t.match(report.body, { items: [{ key: staffId, marks: 1, average: 5, scores: { 5: 1 } }] });
    },
  );

  await t.test(
    'given key 9 and no agent, then an alarm, and the duty phone rings until a person confirms',
    async (t) => {
      await away('agent1');
      await away('agent2');
      await away('supervisor');
      const caller = await comes('13712340055', '!9');
      const alarm = await until('the alarm', async () => {
        const { body } = await act('supervisor', '/alarms', 'GET');
        const [newest] = body['items'] as { alarmId: string; acknowledgedBy: string | null }[];
        return newest;
      });
      t.equal(alarm.acknowledgedBy, null);
      const duty = await takenBy('9009', 1900);
      await until('the question', () => duty.ear.soundMs > 500);
      duty.audio.sendDtmf('1', 160);
      await hears('the caller', caller, 1900);
      await hears('whoever is on duty', duty, 1000);
      const settled = await until('the alarm to be settled', async () => {
        const { body } = await act('supervisor', '/alarms', 'GET');
        const [newest] = body['items'] as { acknowledgedBy: string | null }[];
        return newest?.acknowledgedBy != null && newest;
      });
      t.equal(settled.acknowledgedBy, '值班电话');
      duty.session.hangup();
      await until('the caller to be let go', () => caller.end !== undefined);
      await caller.close();
    },
  );

  async function waiting(): Promise<{ rows: number }> {
    const rows = await service.database.db
      .selectFrom('queueEntry')
      .select('callId')
      .where('state', '=', 'waiting')
      .execute();
    return { rows: rows.length };
  }
});
