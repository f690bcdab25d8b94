import { newId } from '../../src/core/ids.ts';
import { until } from './until.ts';
import { call, ordersOf } from './calls.ts';
import { ask, launch, noonZone } from './campaigns.ts';
import type { openCarrier } from './carrier.ts';
import { addHomes } from './homes.ts';
import type { Service } from './service.ts';

/** A house in which something has happened, and the pages that show it. */
export async function furnish(
  service: Service,
  subscribers: Awaited<ReturnType<typeof openCarrier>>['subscribers'],
): Promise<string[]> {
  const { db } = service.database;
  await db.updateTable('estate').set({ timeZone: noonZone() }).execute();
  const numbers = ['13810009001', '13810009002', '13810009003'];
  subscribers.set('13810009001', { keys: '1', hangUpAfterMs: 500 });
  subscribers.set('13810009002', { refuse: 486 });
  subscribers.set('13810009003', { isAway: true });
  const roomIds = await addHomes(
    db,
    numbers.map((number, at) => ({ building: '95', room: `10${at}`, numbers: [number] })),
  );
  const script = {
    flowId: 'campaign-notice',
    texts: { message: { 'zh-CN': '今天下午停电检修。', en: 'Power is off this afternoon.' } },
    isHumanVoice: false,
  };
  const settings = { audience: { roomIds }, script, fallback: ['sms'] };
  const draft = { name: '停电通知', kind: 'notice', topic: 'outage', settings };
  const [caller, live, written] = await Promise.all([
    call(service, '13800000001', '!21,speak,#,listen,hangup'),
    launch(service, draft),
    ask<{ id: string }>(service, 'supervisor', '/campaigns', {
      ...draft,
      name: '停水通知',
      startsAt: new Date(Date.now() + 86_400_000).toISOString(),
      settings: { ...settings, repeat: { every: 'week', atMinute: 540, until: '2027-12-31' } },
    }),
  ]);
  await caller.close();
  for (const number of ['13810009011', '13810009012']) subscribers.set(number, {});
  const order = await until('the order', async () => (await ordersOf(service, '13800000001'))[0]);
  await addMarks(service, order.callId);
  await addWait(service, order.callId);
  await ask(service, 'supervisor', '/do-not-call', {
    ...{ number: '13800009999', reason: '业主来电要求' },
  });
  const { items: owners } = await ask<{ items: { id: string }[] }>(
    service,
    'admin',
    `/owners?q=${encodeURIComponent('王建国')}`,
  );
  return [
    ...['/desk', '/wall', '/orders', `/orders/${order.number}`, '/people'],
    ...[`/people/${owners[0]?.id ?? ''}`, '/calls', `/calls/${order.callId}`, '/flows'],
    '/articles',
    '/do-not-call',
    ...[
      '/reports',
      '/reports/agents',
      '/reports/satisfaction',
      '/campaigns',
      '/campaigns/new',
      `/campaigns/${written.id}`,
      `/campaigns/${live}`,
    ],
    ...['staff', 'queues', 'skills', 'hours', 'reasons', 'sessions', 'audit'].map(
      (part) => `/admin/${part}`,
    ),
  ];
}

/** A list that agents look through, each person with a reason. */
export async function launchList(service: Service, numbers: readonly string[]): Promise<string> {
  const queue = await service.database.db
    .selectFrom('queue')
    .select('id')
    .where('code', '=', 'general')
    .executeTakeFirstOrThrow();
  const list = await ask<{ id: string }>(service, 'supervisor', '/campaign-lists', {
    name: '回访名单',
    text: `电话,姓名\n${numbers.map((one, at) => `${one},${['陈思远', '周敏'][at] ?? ''}`).join('\n')}`,
  });
  return launch(service, {
    name: '满意度回访',
    kind: 'agent_list',
    purpose: 'service',
    settings: {
      mode: 'preview',
      queueId: queue.id,
      audience: { listId: list.id },
      timeZone: noonZone(),
      sheet: {
        script: {
          'zh-CN': '您好，这里是锦绣花园物业。想了解您对保洁服务是否满意，方便说几句吗？',
          en: 'Hello, this is Jinxiu Garden. May I ask whether you are content with the cleaning?',
        },
        fields: [
          {
            key: 'cleaning',
            label: { 'zh-CN': '保洁', en: 'Cleaning' },
            options: ['很干净', '不够干净'],
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
}

/** What callers thought of agents, as the survey at the end of a call writes it. */
async function addMarks(service: Service, callId: string): Promise<void> {
  const { db } = service.database;
  const agents = await db.selectFrom('staff').select('id').where('role', '=', 'agent').execute();
  const queues = await db.selectFrom('queue').select('id').orderBy('code').execute();
  const marks = [5, 5, 4, 5, 3, 5, 4, 1, 5, 2, 4, 5].map((score, at) => ({
    ...{ id: newId(), survey: 'service', question: `service${at}`, score, callId },
    ...{ campaignId: null, contactId: null, workOrderId: null, personId: null },
    staffId: agents[at % agents.length]?.id ?? null,
    queueId: queues[at % queues.length]?.id ?? null,
    at: new Date(Date.now() - at * 3_600_000),
  }));
  await db.insertInto('surveyAnswer').values(marks).execute();
}

/** That caller waited, was answered, and talked: reports have something to show. */
async function addWait({ database: { db } }: Service, callId: string): Promise<void> {
  const ago = (sec: number) => new Date(Date.now() - sec * 1000);
  const { id: staffId } = await db
    .selectFrom('staff')
    .select('id')
    .where('username', '=', 'agent3')
    .executeTakeFirstOrThrow();
  const { id: queueId } = await db
    .selectFrom('queue')
    .select('id')
    .where('code', '=', 'general')
    .executeTakeFirstOrThrow();
  await db
    .insertInto('queueEntry')
    .values({
      ...{ callId, queueId, state: 'answered', caller: '{}', answeredBy: staffId },
      ...{ enteredAt: ago(200), leftAt: ago(188) },
    })
    .execute();
  await db
    .insertInto('offer')
    .values({
      ...{ id: newId(), callId, staffId, queueId, kind: 'queue', fromStaffId: null, legId: null },
      ...{ madeAt: ago(195), expiresAt: ago(175), endedAt: ago(188), result: 'accepted' },
    })
    .execute();
  await db
    .insertInto('engagement')
    .values({
      ...{ id: newId(), callId, staffId, queueId, legId: newId(), reasonCode: 'answered' },
      ...{ talkSince: ago(188), talkUntil: ago(63), endedAt: ago(41) },
      ...{ wrapUpEndsAt: null, nextContactAt: null },
    })
    .execute();
}
