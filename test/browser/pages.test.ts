import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import t, { type Test } from 'tap';
import type { DeskView } from '../../src/api/contract/agents.ts';
import { hotp } from '../../src/staff/totp.ts';
import { until } from '../support/until.ts';
import { choose, drawn, focused, go, isSettled } from '../fixtures/page-look.mjs';
import { noBrowser } from '../support/browser.ts';
import { call } from '../support/calls.ts';
import { ask } from '../support/campaigns.ts';
import { axeFaults } from '../support/axe.ts';
import { accountDialog, deskDialogs, dialogsOf, open, shut } from '../support/dialogs.ts';
import { furnish, launchList } from '../support/furnished.ts';
import { openCarrier } from '../support/carrier.ts';
import { password, startService } from '../support/service.ts';
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
      const { page } = opened;
      await page.evaluate(go, '/phone');
      await page.click('.handset .answer');
      await page.waitForSelector('.handset-screen .figures + div .figures');
      await see(t, opened, 'phone-talk', 'en');
      await page.click('.handset-keys .ant-btn-dangerous');
      await page.waitForSelector('.handset .answer');
      await page.click('.handset > .ant-btn-link');
      await page.waitForSelector('.ant-popover .devices');
      await see(t, opened, 'phone-sound', 'en');
    },
  );

  await t.test('given an administrator, then every page is fit to be seen', async (t) => {
    const opened = await web.open('/', 'admin');
    for (const language of languages) {
      await speak(opened, language);
      for (const place of places) await visit(t, opened, place, language);
    }
  });

  await t.test('given what opens over a page, then it can be used without seeing it', async (t) => {
    const { page, errors } = await web.open('/', 'admin');
    for (const [place, dialogs] of dialogsOf(places)) {
      for (const presses of dialogs) {
        await page.evaluate(go, place);
        await page.waitForFunction(isSettled, undefined, { polling: 60 });
        await open(page, presses, 'zh-CN');
        const what = `${place} ${presses.map((one) => JSON.stringify(one)).join(' ')}`;
        t.strictSame(await axeFaults(page), [], what);
        await picture(page, `dialog ${what}`);
        await shut(page);
      }
    }
    t.strictSame(errors, []);
  });

  await t.test(
    'given a second factor, then it is set up and asked for at the log-in, on pages that all can use',
    async (t) => {
      const opened = await web.open('/orders', 'agent4');
      const { page } = opened;
      await open(page, accountDialog, 'zh-CN');
      await page.fill('.ant-modal .row input[type=password]', password);
      await page.click('.ant-modal .row button');
      const secret = (await page.textContent('.ant-modal code')) ?? '';
      await see(t, opened, 'second-factor');
      const code = () => hotp(secret, Math.floor(Date.now() / 30_000));
      await page.fill('#new-code', code());
      await page.waitForSelector('.ant-modal', { state: 'detached' });
      const { page: login, ...others } = await web.open('/login');
      await login.fill('input[autocomplete=username]', 'agent4');
      await login.fill('input[autocomplete=current-password]', password);
      await login.keyboard.press('Enter');
      await login.waitForSelector('#code');
      others.complaints.splice(0);
      await see(t, { page: login, ...others }, 'login-code');
    },
  );

  await t.test('wherever the mouse rests, Enter opens what the keys chose', async (t) => {
    const { page } = await web.open('/', 'admin');
    const q = encodeURIComponent('王');
    const found = await ask<{ people: { personId: string }[] }>(service, 'admin', `/search?q=${q}`);
    await page.keyboard.press('Control+k');
    await page.locator('.search input').fill('王');
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
    const wall = await web.open('/wall', 'supervisor');
    await wall.page.waitForSelector('.agent .agent-state');
    await see(t, wall, 'wall-talk');
    await wall.page.click('.agent .icon-button');
    await wall.page.waitForSelector('.ant-dropdown-menu');
    t.strictSame(await axeFaults(wall.page), [], 'what a supervisor can do');
    await wall.page.context().close();
    for (const at of deskDialogs) {
      await open(page, [{ at }], 'zh-CN');
      t.strictSame(await axeFaults(page), [], at);
      await shut(page);
    }
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
  opened: OpenPage,
  place: string,
  language: (typeof languages)[number],
): Promise<void> {
  const { page } = opened;
  await page.evaluate(go, place);
  await page.waitForURL((url) => url.pathname === place);
  await page.waitForFunction(isSettled, undefined, { polling: 60 });
  await see(t, opened, place, language, [language === 'en' ? 390 : 1440]);
}

/** The page as it stands now, at both widths. */
async function see(
  t: Test,
  { page, errors, complaints }: Pick<OpenPage, 'page' | 'errors' | 'complaints'>,
  what: string,
  language: (typeof languages)[number] = 'zh-CN',
  /** Where it is asked whether everybody can use it: each takes a tenth of a second. */
  axeWidths: readonly number[] = widths,
): Promise<void> {
  for (const width of widths) {
    await page.setViewportSize({ width, height: width === 390 ? 844 : 900 });
    await page.evaluate(drawn);
    const faults = await faultsOf(page, language);
    if (axeWidths.includes(width)) faults.push(...(await axeFaults(page)));
    t.strictSame(faults, [], `${what} at ${width} in ${language}`);
    await picture(page, `${what}-${width}-${language}`);
  }
  // Whether somebody is logged in is asked of the service, and a browser writes down every refusal.
  const said = complaints.splice(0).filter((one) => !one.includes('401 (Unauthorized)'));
  t.strictSame([...errors.splice(0), ...said], [], `${what} complained in ${language}`);
}

async function picture(page: Page, name: string): Promise<void> {
  if (pictures === undefined) return;
  mkdirSync(pictures, { recursive: true });
  const file = `${name.replaceAll(/[^\w.-]+/g, '_').slice(0, 80)}.png`;
  await page.screenshot({ path: path.join(pictures, file), fullPage: true });
}
