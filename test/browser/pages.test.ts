import { mkdirSync } from 'node:fs';
import path from 'node:path';
import t, { type Test } from 'tap';
import type { DeskView } from '../../src/api/contract/agents.ts';
import { newId } from '../../src/core/ids.ts';
import { until } from '../support/until.ts';
import { choose, drawn, focused, go, isSettled } from '../fixtures/page-look.mjs';
import { noBrowser } from '../support/browser.ts';
import { call, ordersOf } from '../support/calls.ts';
import { ask, launch, noonZone } from '../support/campaigns.ts';
import { openCarrier } from '../support/carrier.ts';
import { addHomes } from '../support/homes.ts';
import { startService, type Service } from '../support/service.ts';
import { faultsOf } from '../support/tour.ts';
import { buildWeb } from '../support/program.ts';
import { openWeb, type OpenPage } from '../support/web-pages.ts';

/** `PAGES_DIR=<folder>` keeps a picture of each page, at both widths and in both languages. */
const pictures = process.env['PAGES_DIR'];
const widths = [1440, 390] as const;
const languages = ['zh-CN', 'en'] as const;

void t.test('every page', { skip: noBrowser ?? false }, async (t) => {
  buildWeb();
  const carrier = await openCarrier();
  const service = await startService({ TRUNKS: `trunk=127.0.0.1:${carrier.port}` });
  const web = await openWeb(service);
  t.teardown(async () => {
    await web.close();
    await service.stop();
    await carrier.close();
  });
  const places = await furnish(service, carrier.subscribers);

  await t.test(
    'given a stranger, then the log-in and the telephone are fit to be seen',
    async (t) => {
      const opened = await web.open('/login');
      for (const language of languages) {
        await speak(opened, language);
        for (const place of ['/login', '/phone', '/nowhere']) {
          await visit(t, opened, place, language);
        }
      }
    },
  );

  await t.test('given an administrator, then every page is fit to be seen', async (t) => {
    const opened = await web.open('/', 'admin');
    for (const language of languages) {
      await speak(opened, language);
      for (const place of places) await visit(t, opened, place, language);
    }
  });

  await t.test('wherever the mouse rests, Enter opens what the keys chose', async (t) => {
    const { page } = await web.open('/', 'admin');
    const q = encodeURIComponent('王');
    const found = await ask<{ people: { personId: string }[] }>(service, 'admin', `/search?q=${q}`);
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox').or(page.locator('.search input')).first().fill('王');
    const options = page.locator('.pick-list [role=option]');
    await until('several people to be found', async () => (await options.count()) > 3);
    await options.nth(2).hover();
    await page.keyboard.press('Enter');
    await until('the first of them to open', () =>
      page.url().endsWith(`/people/${found.people[0]?.personId ?? ''}`),
    );
    t.pass();
  });

  await t.test(
    'given an order, when it is moved on, then the keys go into the dialog',
    async (t) => {
      const { page } = await web.open(
        places.find((one) => one.startsWith('/orders/')) ?? '',
        'admin',
      );
      for (const note of ['师傅上午到', '改为下午到']) {
        await page.click('button:has-text("受理")');
        await page.waitForSelector('#transition-note:focus');
        await page.keyboard.type(note);
        t.equal(await page.inputValue('#transition-note'), note);
        await page.keyboard.press('Escape');
        await page.waitForSelector('.ant-modal', { state: 'detached' });
        const back = await page.evaluate(focused);
        t.match(back, /受理/, 'and afterwards to where one was');
      }
    },
  );

  await t.test(
    'given a supervisor, then an article is written and published, and an agent reads it',
    async (t) => {
      const opened = await web.open('/articles', 'supervisor');
      const { page } = opened;
      await page.click('button:has-text("新建资料")');
      await page.waitForSelector('.ant-drawer-open #title_zh-CN');
      await page.click('button:has-text("保存并发布")');
      await page.waitForSelector('.ant-form-item-explain-error');
      await page.fill('#title_zh-CN', '游泳池开放时间');
      await page.fill('#body_zh-CN', '每天6:30至21:00开放。');
      await page.fill('#title_en', 'Pool hours');
      await page.click('button:has-text("保存并发布")');
      await page.waitForSelector('text=英文标题和正文要么都填，要么都不填');
      await page.fill('#body_en', 'The pool is open from 6:30 AM to 9 PM.');
      await page.click('button:has-text("保存并发布")');
      await page.waitForSelector('.ant-drawer .tag:has-text("已发布")');
      await page.waitForSelector('.ant-message-notice', { state: 'detached' });
      await see(t, opened, 'article-editor');
      const reader = await web.open('/articles', 'agent3');
      for (const [language, title] of [
        ['zh-CN', '游泳池开放时间'],
        ['en', 'Pool hours'],
      ] as const) {
        await speak(reader, language);
        await reader.page.click(`button:has-text("${title}")`);
        await reader.page.waitForSelector('.article-body');
        await see(t, reader, 'article-reader', language);
      }
    },
  );

  await t.test('given an agent, then the desk is fit to be seen at every step', async (t) => {
    const opened = await web.open('/desk', 'agent1');
    const { page } = opened;
    await page.waitForSelector('text=签入，开始接听');
    await see(t, opened, 'desk-seat');
    await page.click('text=签入，开始接听');
    await page.waitForSelector('text=话机就绪');
    await page.waitForSelector('.presence:has-text("空闲")');
    await see(t, opened, 'desk-idle');
    const caller = await call(service, '13800000001', '!0');
    await page.waitForSelector('.offer:has-text("王建国")');
    await see(t, opened, 'desk-offer');
    await page.keyboard.press('F2');
    await page.waitForSelector('.bar-call:has-text("通话中")');
    await see(t, opened, 'desk-talk');
    await page.keyboard.press('F8');
    await page.waitForSelector('.ant-modal input:focus');
    await see(t, opened, 'desk-transfer');
    await page.keyboard.press('Escape');
    caller.hangup();
    await page.waitForSelector('.wrap-up');
    await see(t, opened, 'desk-wrap-up');
    await caller.close();
    await page.waitForSelector('.wrap-up .chip');
    await page.keyboard.press('Alt+1');
    await page.keyboard.press('F10');
    await page.waitForSelector('.idle');
  });

  await t.test(
    'given a list to work through, then an agent looks, skips, calls and writes it down by keyboard',
    async (t) => {
      const opened = await web.open('/desk', 'agent2');
      const { page } = opened;
      await page.click('text=签入，开始接听');
      await page.waitForSelector('.presence:has-text("空闲")');
      const away = { presence: 'break', reason: 'training' };
      const token = await service.token('agent1');
      await service.api('/agents/me/presence', { token, method: 'PUT', body: away });
      const id = await launchList(service, ['13810009011', '13810009012']);
      await page.waitForSelector('.campaign-work:has-text("满意度回访")');
      await see(t, opened, 'desk-list');
      for (const language of ['en', 'zh-CN'] as const) {
        await speak(opened, language);
        await page.waitForSelector('.campaign-work button');
        await page.keyboard.press('F3');
        await page.waitForSelector('.campaign-script');
        await see(t, opened, 'desk-list-next', language);
      }
      const first = (await page.textContent('.campaign-contact')) ?? '';
      await page.keyboard.press('F3');
      const second = first.includes('陈思远') ? '周敏' : '陈思远';
      await page.waitForSelector(`.campaign-contact:has-text("${second}")`);
      await until('the telephone to be there', async () => {
        const reply = await service.api('/agents/me', { token: await service.token('agent2') });
        const { desk } = (await reply.json()) as { desk: DeskView | null };
        return desk?.agent.isPhoneReady === true;
      });
      await page.keyboard.press('F2');
      await page.waitForSelector('.offer');
      await see(t, opened, 'desk-list-offer');
      await page.keyboard.press('F2');
      await page.waitForSelector('.campaign-sheet .chip');
      await see(t, opened, 'desk-list-talk');
      await page.click('.campaign-field input');
      await page.keyboard.press('Alt+1');
      await page.keyboard.press('F10');
      await page.waitForSelector('text=结果已保存');
      await page.keyboard.press('F4');
      await page.waitForSelector('.campaign-sheet.wrap-up');
      for (const language of ['en', 'zh-CN'] as const) {
        await speak(opened, language);
        await page.waitForSelector('.campaign-sheet.wrap-up .chip.chosen');
        await see(t, opened, 'desk-list-wrap-up', language);
      }
      await page.keyboard.press('F10');
      await page.waitForSelector('.idle');
      const { db } = service.database;
      const outcomes = await db
        .selectFrom('campaignOutcome')
        .select(['disposition', 'answers'])
        .where('campaignId', '=', id)
        .execute();
      t.strictSame(outcomes, [{ disposition: 'done', answers: { cleaning: '很干净' } }]);
    },
  );
});

async function speak({ page }: OpenPage, language: string): Promise<void> {
  await page.evaluate(choose, language);
  await page.reload();
}

async function visit(
  t: Test,
  { page, errors }: OpenPage,
  place: string,
  language: (typeof languages)[number],
): Promise<void> {
  await page.evaluate(go, place);
  await page.waitForURL((url) => url.pathname === place);
  await page.waitForFunction(isSettled, undefined, { polling: 60 });
  await see(t, { page, errors }, place, language);
}

/** The page as it stands now, at both widths. */
async function see(
  t: Test,
  { page, errors }: Pick<OpenPage, 'page' | 'errors'>,
  what: string,
  language: (typeof languages)[number] = 'zh-CN',
): Promise<void> {
  for (const width of widths) {
    await page.setViewportSize({ width, height: width === 390 ? 844 : 900 });
    await page.evaluate(drawn);
    const faults = await faultsOf(page, language);
    t.strictSame(faults, [], `${what} at ${width} in ${language}`);
    if (pictures === undefined) continue;
    mkdirSync(pictures, { recursive: true });
    const name = `${what.replaceAll('/', '_').slice(0, 24)}-${width}-${language}.png`;
    await page.screenshot({ path: path.join(pictures, name), fullPage: true });
  }
  t.strictSame(errors.splice(0), [], `${what} complained in ${language}`);
}

/** A house in which something has happened, and the pages that show it. */
async function furnish(
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
async function launchList(service: Service, numbers: readonly string[]): Promise<string> {
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
