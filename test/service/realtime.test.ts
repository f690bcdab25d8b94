import t from 'tap';
import { WebSocket } from 'ws';
import type { AgentView, DeskView } from '../../src/contract/agents/agents.ts';
import type { QueueFigures } from '../../src/contract/agents/queues.ts';
import type { LiveCallView } from '../../src/contract/agents/realtime.ts';
import { messageFor, type Viewer } from '../../src/api/realtime/viewer.ts';
import { shutOutTestPhones } from '../../src/agents/desk/phones/test-phones.ts';
import { endPhones, endTestPhones, findPhone } from '../../src/agents/index.ts';
import { systemClock } from '../../src/core/clock.ts';
import { newId } from '../../src/core/ids.ts';
import { silentLog } from '../../src/core/log.ts';
import { until } from '../support/until.ts';
import { apiPassword, startApi, type TestApi } from '../support/api.ts';

const at = '2026-11-24T02:00:00.000Z';
const number = '13800000001';
const masked = '138****0001';

const agentView = (staffId: string, queueIds: string[], facts: Partial<AgentView> = {}) => ({
  staffId,
  username: 'agent',
  displayName: '客服',
  presence: 'available' as const,
  reason: null,
  presenceSince: at,
  presenceBy: null,
  engagement: 'idle' as const,
  engagementSince: at,
  callId: null,
  phone: 'browser' as const,
  isPhoneReady: true,
  queueIds,
  handledToday: 0,
  ...facts,
});
const figures = (queueId: string, waiting: number): QueueFigures => ({
  queueId,
  waiting,
  longestWaitSince: null,
  agentsAvailable: 0,
  agentsTalking: 0,
  agentsOnBreak: 0,
  offeredToday: 0,
  answeredToday: 0,
  abandonedToday: 0,
  serviceLevel: null,
  averageWaitSec: null,
});
const callView = (callId: string, facts: Partial<LiveCallView> = {}): LiveCallView => ({
  callId,
  direction: 'inbound',
  state: 'queued',
  did: '4000',
  estateId: null,
  callerNumber: number,
  isNumberVerified: true,
  callerName: '王建国',
  startedAt: at,
  stateSince: at,
  queueId: null,
  staffIds: [],
  supervisors: [],
  ...facts,
});
const deskView = (agent: AgentView, padding = ''): DeskView => ({
  agent,
  call: null,
  wrapUp: null,
  phoneBrowser: null,
  supervising: null,
  offer: {
    offerId: newId(),
    callId: newId(),
    queueId: null,
    kind: 'queue',
    fromStaffId: null,
    offeredAt: at,
    expiresAt: at,
    waitingSince: at,
    waitedSec: 3,
    draft: { notes: padding },
    pop: {
      callId: newId(),
      direction: 'inbound',
      did: '4000',
      estateId: null,
      estateName: null,
      callerNumber: number,
      isNumberVerified: true,
      language: 'zh-CN',
      isEmergency: false,
      personId: null,
      roomId: null,
      isVerified: false,
      candidates: [],
      path: [],
    },
  },
});

/** How the server answers a request to open the socket. */
function refusal(
  api: TestApi,
  headers: Record<string, string>,
  path = '/api/v1/events',
): Promise<number | undefined> {
  const socket = new WebSocket(`ws://127.0.0.1:${api.port}${path}`, { headers });
  return new Promise((resolve, reject) => {
    socket.on('unexpected-response', (_request, reply) => {
      resolve(reply.statusCode);
      reply.resume();
    });
    socket.on('open', () => {
      socket.terminate();
      resolve(undefined);
    });
    socket.on('error', reject);
  });
}

void t.test('events over the websocket', async (t) => {
  const api = await startApi({ screens: { ring: 20, silenceMs: 1500, bufferedBytes: 200_000 } });
  t.teardown(() => api.close());
  const agent1 = await api.staffId('agent1');
  const agent2 = await api.staffId('agent2');
  const [q1, q2] = [newId(), newId()];
  api.board.showAgent(agentView(agent1, [q1]));
  api.board.showAgent(agentView(agent2, [q2], { callId: newId(), engagement: 'talking' }));
  api.board.showQueue(figures(q1, 0));
  api.board.showQueue(figures(q2, 0));
  // Screens of this test that say nothing are kept alive as real ones keep themselves.
  const listen = async (username: string, query?: string) => {
    const screen = await api.listen(username, query);
    const timer = setInterval(() => screen.socket.send('{"type":"beat"}'), 300);
    screen.socket.on('close', () => clearInterval(timer));
    return screen;
  };

  await t.test('given an agent and a supervisor, then each sees their part', async (t) => {
    api.board.showDesk(deskView(agentView(agent1, [q1])));
    const callId = newId();
    api.board.showCall(callView(callId));
    const desk = await listen('agent1');
    const wall = await listen('supervisor');
    const own = await desk.message('snapshot');
    t.equal(own.desk?.offer?.pop.callerNumber, masked);
    t.same(own.calls, []);
    t.same(
      own.queues.map((one) => one.queueId),
      [q1],
    );
    t.equal(own.agents.length, 2);
    t.equal(own.agents.find((one) => one.staffId === agent2)?.callId, null);
    const all = await wall.message('snapshot');
    t.equal(all.desk, null);
    t.match(all.calls, [{ callId, callerNumber: number }]);
    t.equal(all.queues.length, 4, 'two of the test, two that every installation has');
    t.ok(all.agents.find((one) => one.staffId === agent2)?.callId);

    const estateId = null;
    api.board.showQueue(figures(q2, 1));
    api.board.showCall(callView(callId, { state: 'ended' }));
    api.board.showWaiting(q1, [
      {
        callId: newId(),
        queueId: q1,
        position: 1,
        priority: 1,
        enteredAt: at,
        callerNumber: number,
        isNumberVerified: true,
        callerName: null,
        isVip: false,
        isEmergency: false,
        offeredTo: [],
        estateId,
      },
    ]);
    api.board.showAlarm({
      alarmId: newId(),
      kind: 'emergency',
      raisedAt: at,
      callId,
      queueId: null,
      details: {},
      acknowledgedBy: null,
      acknowledgedAt: null,
      clearedAt: null,
      estateId,
    });
    api.board.showDesk(deskView(agentView(agent2, [q2])));
    api.board.showQueue(figures(q1, 1));
    await desk.message('queue', (one) => one.queue.waiting === 1);
    t.same(
      desk.messages.map((one) => one.type),
      ['snapshot', 'queue'],
      'nothing of the wall and of other desks',
    );
    await wall.message('queue', (one) => one.queue.queueId === q1);
    t.same(
      wall.messages.map((one) => one.type),
      ['snapshot', 'alarm', 'queue', 'call', 'waiting', 'queue'],
      'an alarm at once, the rest together',
    );
    const sent = wall.messages.find((one) => one.type === 'alarm');
    t.notMatch(JSON.stringify(sent), /estateId/);
    desk.close();
    wall.close();
  });

  await t.test('given new queues for an agent, then a snapshot with them', async (t) => {
    const desk = await listen('agent1');
    await desk.message('snapshot');
    api.board.showAgent(agentView(agent1, [q1, q2]));
    const again = await desk.message('snapshot', (one) => one.queues.length === 2);
    t.equal(again.agents.find((one) => one.staffId === agent1)?.queueIds.length, 2);
    api.board.showAgent(agentView(agent1, [q1]));
    await desk.message('snapshot', (one) => one.seq > again.seq && one.queues.length === 1);
    desk.close();
  });

  await t.test('given a screen that was away, then it gets what it missed, once', async (t) => {
    const first = await listen('agent1');
    const { epoch, seq } = await first.message('snapshot');
    first.close();
    const there = await listen('supervisor');
    const show = async (queueId: string, waiting: number) => {
      api.board.showQueue(figures(queueId, waiting));
      await there.message(
        'queue',
        ({ queue }) => queue.queueId === queueId && queue.waiting === waiting,
      );
    };
    await show(q1, 5);
    await show(q2, 5);
    await show(q1, 6);
    const back = await listen('agent1', `?epoch=${epoch}&after=${seq}`);
    await show(q1, 7);
    await back.message('queue', (one) => one.queue.waiting === 7);
    t.same(
      back.messages.map((one) => one.type === 'queue' && one.queue.waiting),
      [5, 6, 7],
    );
    t.same(
      back.messages.map((one) => one.seq - seq),
      [1, 3, 4],
    );
    for (const waiting of [8, 9, 10]) api.board.showQueue(figures(q1, waiting));
    await back.message('queue', (one) => one.queue.waiting === 10);
    t.equal(back.messages.at(-1)?.seq, seq + 5, 'what is old by then is not told');
    back.close();
    there.close();

    for (let turn = 0; turn < 30; turn += 1) api.board.tellEvent('test', { turn }, new Date());
    const late = await listen('agent1', `?epoch=${epoch}&after=${seq}`);
    t.ok(await late.message('snapshot'), 'too much was missed');
    const other = await listen('agent1', `?epoch=another&after=${seq}`);
    t.ok(await other.message('snapshot'), 'the service was restarted');
    const ahead = await listen('agent1', `?epoch=${epoch}&after=999999`);
    t.ok(await ahead.message('snapshot'), 'a number from the future');
    for (const screen of [late, other, ahead]) screen.close();
  });

  await t.test('given a screen that does not read, then it alone is cut off', async (t) => {
    const slow = await listen('agent1');
    const quick = await listen('supervisor');
    await slow.message('snapshot');
    await quick.message('snapshot');
    slow.socket.pause();
    // More than the buffers of both systems hold, besides ours.
    for (let turn = 0; turn < 400; turn += 1) {
      api.board.showDesk(deskView(agentView(agent1, [q1]), `${turn} ${'x'.repeat(60_000)}`));
      api.board.showQueue(figures(q1, 100 + turn));
      await new Promise((resolve) => setImmediate(resolve));
    }
    await quick.message('queue', (one) => one.queue.waiting === 499);
    slow.socket.resume();
    await until('the end of the slow one', () => slow.closeCode !== undefined);
    t.equal(slow.closeCode, 1006);
    t.equal(quick.closeCode, undefined);
    t.notOk(
      slow.messages.some((one) => one.type === 'queue' && one.queue.waiting === 499),
      'the last changes never reached it',
    );
    quick.close();
  });

  await t.test('given beats, then they are answered; silence ends the socket', async (t) => {
    const alive = await listen('supervisor');
    const silent = await api.listen('supervisor');
    await until('the end of the silent one', () => silent.closeCode !== undefined);
    t.equal(alive.closeCode, undefined);
    t.ok(alive.beats > 2);
    alive.close();
  });

  await t.test('given a session that was ended, then the socket ends with it', async (t) => {
    const screen = await listen('agent3');
    await screen.message('snapshot');
    await api.request('/session', { as: 'agent3', method: 'DELETE' });
    await until('the end', () => screen.closeCode !== undefined);
    t.equal(screen.closeCode, 4401);
  });

  await t.test('given strangers and foreign pages, then no socket', async (t) => {
    t.equal(await refusal(api, {}), 401);
    const authorization = `Bearer ${await api.token('agent2')}`;
    const cookie = `lingting_session=${await api.token('agent2')}`;
    t.equal(await refusal(api, { authorization, origin: 'https://elsewhere.example' }), 403);
    t.equal(await refusal(api, { cookie, origin: `http://127.0.0.1:${api.port}` }), undefined);
    t.equal(await refusal(api, { cookie, origin: 'null' }), 403);
    for (const path of ['/', '/nowhere', '/api/v1/nowhere', '/api/v1/health', '/assets/x.js']) {
      t.equal(await refusal(api, { authorization }, path), 404, `${path} is no socket`);
    }
  });

  await t.test('given a window too many, then it is refused, the others stay', async (t) => {
    // One log-in for all: many at the same moment look like somebody who guesses.
    await api.token('agent4');
    const screens = await Promise.all(Array.from({ length: 13 }, () => listen('agent4')));
    await until('one refusal', () => screens.some((one) => one.closeCode === 4429));
    t.equal(screens.filter((one) => one.closeCode === undefined).length, 12);
    for (const screen of screens) screen.close();
  });
});

void t.test('sites', (t) => {
  const [own, other] = [newId(), newId()];
  const viewer: Viewer = {
    staffId: newId(),
    isWatching: true,
    canSeeNumbers: false,
    siteIds: [own],
    queueIds: [],
  };
  const see = (estateId: string | null) =>
    messageFor(viewer, { type: 'call', call: callView(newId(), { estateId }) });
  t.match(see(own), { call: { callerNumber: masked } });
  t.equal(see(other), undefined);
  t.equal(see(null), undefined, 'a caller whose estate nobody knows yet may be of any');
  const limited: Viewer = { ...viewer, canSeeNumbers: true };
  const dialled = callView(newId(), { direction: 'outbound', isNumberVerified: false });
  t.match(messageFor(limited, { type: 'call', call: dialled }), {
    call: { callerNumber: masked, callerName: null },
  });
  const waiting = { type: 'waiting', queueId: newId() } as const;
  const caller = {
    ...{ callId: newId(), queueId: waiting.queueId, position: 1, priority: 5, enteredAt: at },
    ...{ callerNumber: number, isNumberVerified: false, callerName: '王建国', isVip: false },
    ...{ isEmergency: false, offeredTo: [], estateId: null },
  };
  const line = { ...waiting, waiting: [caller] };
  t.match(messageFor(limited, line), { waiting: [] });
  t.match(messageFor({ ...limited, siteIds: null }, line), { waiting: [{ callerNumber: number }] });
  t.end();
});

void t.test('a screen whose session ends, and one that floods', async (t) => {
  const api = await startApi();
  t.teardown(() => api.close());
  const { db } = api.database;
  const logIn = async (username: string) => {
    const { body } = await api.request('/session', {
      method: 'POST',
      body: { username, password: apiPassword },
    });
    return (body as { token: string }).token;
  };
  const open = async (token: string) => {
    const socket = new WebSocket(`ws://127.0.0.1:${api.port}/api/v1/events`, {
      headers: { authorization: `Bearer ${token}` },
    });
    const screen = { socket, code: undefined as number | undefined, at: 0 };
    socket.on('close', (code) => Object.assign(screen, { code, at: performance.now() }));
    socket.on('error', () => undefined);
    await new Promise((resolve) => socket.once('open', resolve));
    return screen;
  };

  // Each way is tried with an account that the one before has not closed: the last one closes it.
  const ends: Record<string, (token: string) => Promise<unknown>> = {
    'log-out': (token) => api.request('/session', { token, method: 'DELETE' }),
    'a session that somebody deleted in another process': () =>
      db.deleteFrom('staffSession').where('staffId', 'in', idOf('agent2')).execute(),
    'a session that expired': () =>
      db
        .updateTable('staffSession')
        .set({ expiresAt: new Date(0) })
        .where('staffId', 'in', idOf('agent2'))
        .execute(),
    'other sites': () => {
      const estate = db.selectFrom('estate').select('id').limit(1);
      return db
        .insertInto('staffSite')
        .columns(['staffId', 'estateId'])
        .expression(idOf('agent2').select(estate.as('estateId')))
        .execute();
    },
    'another role': () =>
      db.updateTable('staff').set({ role: 'office' }).where('username', '=', 'agent2').execute(),
    'a closed account': () =>
      db.updateTable('staff').set({ isDisabled: true }).where('username', '=', 'agent2').execute(),
  };
  const idOf = (username: string) =>
    db.selectFrom('staff').select('staff.id').where('username', '=', username);
  for (const [how, end] of Object.entries(ends)) {
    await t.test(`given ${how}, then the socket is over, whatever it says`, async (t) => {
      const token = await logIn('agent2');
      const screen = await open(token);
      const beats = setInterval(() => screen.socket.send('{"type":"beat"}'), 500);
      t.teardown(() => clearInterval(beats));
      await end(token);
      await until('the end of the socket', () => screen.code !== undefined);
      t.equal(screen.code, 4401);
    });
  }

  await t.test('given 20,000 beats, then they are closed and cost no question', async (t) => {
    const screen = await open(await logIn('agent3'));
    for (let beat = 0; beat < 20_000; beat += 1) screen.socket.send('{"type":"beat"}');
    await until('the end of the socket', () => screen.code !== undefined);
    t.equal(screen.code, 1008);
    const { body } = await api.request('/health').then(() =>
      fetch(`http://127.0.0.1:${api.port}/api/v1/metrics`).then(async (reply) => ({
        body: await reply.text(),
      })),
    );
    t.match(body, /lingting_realtime_ended_total\{reason="flood"\} 1/);
    const pings = await open(await logIn('agent3'));
    for (let ping = 0; ping < 2000; ping += 1) pings.socket.ping();
    await until('the end of the socket', () => pings.code !== undefined);
    t.equal(pings.code, 1008, 'pings are frames, too');
    const large = await open(await logIn('agent3'));
    large.socket.send('x'.repeat(5000));
    await until('the end of the socket', () => large.code !== undefined);
    t.equal(large.code, 1009);
  });

  await t.test(
    'given an ended session, then the switch lets its telephone in no more',
    async (t) => {
      const asked: string[] = [];
      const left: string[] = [];
      const token = await logIn('agent4');
      t.equal((await api.request('/agents/me/phone', { token, method: 'POST' })).status, 200);
      const phone = () => findPhone(db, systemClock, 'agent4');
      t.ok(await phone());
      const parts = {
        ...{ db, clock: systemClock, log: silentLog() },
        cti: {
          nodes: [{ name: 'a', isConnected: true, isStandby: false }],
          endRegistrations: (username: string) => Promise.resolve(void asked.push(username)),
        },
        onGone: (staffId: string) => Promise.resolve(void left.push(staffId)),
      };
      t.same(await endPhones(parts), []);
      await api.request('/session', { token, method: 'DELETE' });
      t.equal(await phone(), undefined, 'not known from that moment on');
      t.same(await endPhones(parts), ['agent4']);
      t.same([asked, left], [['agent4'], [await api.staffId('agent4')]]);
      t.same(await endPhones(parts), [], 'once');
    },
  );

  await t.test('DEMO=false: a telephone of the demo lives on', async (t) => {
    const ended: string[] = [];
    const parts = {
      ...{ db, clock: systemClock, log: silentLog(), onGone: () => Promise.resolve() },
      cti: {
        nodes: [],
        endRegistrations: (username: string) => Promise.resolve(void ended.push(username)),
      },
    };
    const open = async (number: string) =>
      t.equal((await api.request('/demo/phone', { method: 'POST', body: { number } })).status, 200);
    const number = '13800000001';
    const [demo, none] = [{ areDemoPhonesOpen: true }, {}];
    await open(number);
    t.ok(await findPhone(db, systemClock, number, demo));
    t.equal(await findPhone(db, systemClock, number, none), undefined, 'registers no more');
    t.same(await endTestPhones({ ...parts, ...demo }), [], 'in a demo it stays');
    t.same(await endTestPhones({ ...parts, ...none }), [number]);
    t.equal(await findPhone(db, systemClock, number, demo), undefined, 'nor ever again');
    await open(number);
    t.equal(await shutOutTestPhones(db, systemClock), 1, '--disable-demo');
    t.equal(await findPhone(db, systemClock, number, demo), undefined);
    t.same(await endTestPhones({ ...parts, ...demo }), [number], 'even while the demo runs');
    t.same(ended, [number, number], 'the switch was told');
    await open(number);
    t.ok(await findPhone(db, systemClock, number, demo), 'a demo can open it anew');
  });
});
