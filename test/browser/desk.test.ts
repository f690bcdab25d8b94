import t from 'tap';
import type { Page } from 'playwright-core';
import { noBrowser } from '../support/browser.ts';
import { call } from '../support/calls.ts';
import { buildWeb } from '../support/program.ts';
import { startService } from '../support/service.ts';
import { until } from '../support/until.ts';
import { openWeb } from '../support/web-pages.ts';

/** `window.hid` puts the page out of sight, `window.unplug()` takes its microphone, `window.plug()` gives it back. */
const asOnAPhone = `
  class Notice { static permission = 'granted'; static requestPermission() { throw new Error('no'); }
    constructor() { throw new TypeError("Failed to construct 'Notification': Illegal constructor."); } }
  window.Notification = Notice;
  Object.defineProperty(document, 'visibilityState', { get: () => (window.hid ? 'hidden' : 'visible') });
  navigator.vibrate = () => { throw new Error('no'); };
  navigator.permissions.query = () => { throw new TypeError('no'); };
  const devices = navigator.mediaDevices;
  const open = devices.getUserMedia.bind(devices);
  const tracks = [];
  let isGone = false;
  devices.getUserMedia = async (wish) => {
    if (isGone) throw new DOMException('Requested device not found', 'NotFoundError');
    const stream = await open(wish);
    tracks.push(...stream.getAudioTracks());
    return stream;
  };
  window.unplug = () => {
    isGone = true;
    for (const track of tracks) { track.stop(); track.dispatchEvent(new Event('ended')); }
    devices.dispatchEvent(new Event('devicechange'));
  };
  window.plug = () => { isGone = false; devices.dispatchEvent(new Event('devicechange')); };
`;

void t.test('the desk in real life', { skip: noBrowser ?? false }, async (t) => {
  buildWeb();
  const service = await startService();
  const web = await openWeb(service);
  t.teardown(async () => {
    await web.close();
    await service.stop();
  });
  const act = async (path: string, method: string, body?: unknown, who = 'agent1') => {
    const token = await service.token(who);
    const reply = await service.api(path, {
      ...{ token, method },
      ...(body === undefined ? {} : { body }),
    });
    return { status: reply.status, body: (await reply.json()) as Record<string, unknown> };
  };
  const agent = async () => {
    const { body } = await act('/agents/me', 'GET');
    return (body['desk'] as { agent: Record<string, unknown> } | null)?.agent;
  };
  const opened = await web.open('/login');
  const { page, errors } = opened;
  await page.addInitScript(asOnAPhone);
  await page.goto('/');
  await page.fill('input[autocomplete=username]', 'agent1');
  await page.fill('input[autocomplete=current-password]', 'a-test-password');
  await page.keyboard.press('Enter');
  await page.click('text=签入，开始接听');
  await page.waitForSelector('text=话机就绪');
  await page.waitForSelector('.presence:has-text("空闲")');
  const orders = async (number: string) => {
    const { body } = await act('/work-orders?limit=200', 'GET', undefined, 'admin');
    const all = body['items'] as { contactNumber: string; summary: string }[];
    return all.filter((one) => one.contactNumber === number).map((one) => one.summary);
  };
  const finish = async () => {
    await page.waitForSelector('.wrap-up .chip');
    await page.keyboard.press('Alt+1');
    await page.keyboard.press('F10');
    await page.waitForSelector('.wrap-up', { state: 'detached' });
  };

  await t.test(
    'given a phone’s browser whose notices throw, when a call is offered, then it is taken as ever',
    async (t) => {
      await page.evaluate('window.hid = true');
      const caller = await call(service, '13700005001', '!0');
      await page.waitForSelector('.offer');
      await page.waitForSelector('text=来电者没有选择事由');
      await page.keyboard.press('F2');
      await page.waitForSelector('.bar-call:has-text("通话中")');
      await page.evaluate('window.hid = false');

      t.comment('two orders in one call, whatever page is opened between');
      await page.fill('#summary', '渗水');
      await page.keyboard.press('Control+Enter');
      await page.waitForSelector('.made');
      await page.click('nav.rail a[href="/orders"]');
      await page.waitForSelector('h1:has-text("工单")');
      await page.goBack();
      await page.fill('#summary', '门禁坏了');
      // As fast as no page is drawn between.
      await page.evaluate(`(() => {
        const button = [...document.querySelectorAll('.order-form button')].find((one) => one.textContent.includes('Ctrl'));
        button.click(); button.click();
      })()`);
      await page.waitForSelector('.made');
      t.strictSame((await orders('13700005001')).sort(), ['渗水', '门禁坏了'].sort());

      t.comment('an answer that is lost, and a word that is changed before it is tried again');
      let isLost = false;
      await page.route('**/api/v1/work-orders', async (route) => {
        if (isLost || route.request().method() !== 'POST') return route.continue();
        isLost = true;
        await route.fetch();
        return route.abort();
      });
      await page.fill('#summary', '电梯有异响');
      await page.keyboard.press('Control+Enter');
      await page.waitForSelector('.ant-message-error');
      await page.fill('#summary', '3号电梯有异响');
      await page.keyboard.press('Control+Enter');
      await page.waitForSelector('.made >> nth=1');
      await page.waitForSelector('text=您后来的修改没有写进去');
      t.equal((await orders('13700005001')).length, 3, 'it is there once');
      t.equal(await page.locator('text=Idempotency').count(), 0, 'and nothing was said in English');

      t.comment('a microphone that disappears is told at once, and back when it returns');
      await page.evaluate('window.unplug()');
      await page.waitForSelector('text=麦克风断开了，对方听不到您');
      await page.evaluate('window.plug()');
      await page.waitForSelector('text=麦克风断开了', { state: 'detached' });
      t.strictSame(errors, [], 'no page complained');
      caller.hangup();
      await caller.close();
      await finish();
    },
  );

  await t.test(
    'given no microphone between calls, then nothing is offered until there is one',
    async (t) => {
      await page.evaluate('window.unplug()');
      await page.waitForSelector('text=没有麦克风，暂不分配来电');
      await until('the service to know', async () => (await agent())?.['isPhoneReady'] === false);
      const caller = await call(service, '13700005002', '!0');
      await until('the queue', async () => {
        const rows = await service.database.db
          .selectFrom('queueEntry')
          .select('callId')
          .where('state', '=', 'waiting')
          .execute();
        return rows.length === 1;
      });
      t.equal(await page.locator('.offer').count(), 0);
      await page.evaluate('window.plug()');
      await page.waitForSelector('.offer');

      t.comment('the page is loaded anew while it rings: offered again, and no break');
      await page.reload();
      await page.waitForSelector('.offer');
      t.match(await agent(), { presence: 'available', reason: null });
      await page.keyboard.press('F2');
      await page.waitForSelector('.bar-call:has-text("通话中")');
      caller.hangup();
      await caller.close();
      await finish();
    },
  );

  await t.test(
    'given numbers of an input method, then they are dialled as meant, or refused with a word',
    async (t) => {
      const dialled: string[] = [];
      await page.route('**/api/v1/calls', async (route) => {
        if (route.request().method() !== 'POST') return route.continue();
        dialled.push((route.request().postDataJSON() as { number: string }).number);
        return route.fulfill({ status: 409, json: { code: 'agent.busy', detail: '' } });
      });
      const field = page.locator('.dial-input input');
      await field.fill('139００００0002');
      await composingEnter(page);
      t.strictSame(dialled, [], 'Enter while a word is composed does nothing');
      await page.keyboard.press('Enter');
      await until('the call', () => dialled.length === 1);
      await field.fill('１３９０００００００２');
      await page.keyboard.press('Enter');
      await until('the second call', () => dialled.length === 2);
      await field.fill('1390002');
      await page.keyboard.press('Enter');
      await page.waitForSelector('text=这不是一个完整的电话号码');
      t.strictSame(dialled, ['13900000002', '13900000002']);
      await page.unroute('**/api/v1/calls');
    },
  );

  await t.test(
    'given an agent whom a supervisor sets on a break, then they are told by whom and why',
    async () => {
      const staffId = String((await agent())?.['staffId']);
      const path = `/agents/${staffId}/presence`;
      await act(path, 'PUT', { presence: 'break', reason: 'training' }, 'supervisor');
      await page.waitForSelector('.ant-notification:has-text("把您设为")');
      await page.waitForSelector('.bar-presence:has-text("设置")');
      await page.keyboard.press('F9');
      await page.waitForSelector('.presence:has-text("空闲")');
      await page.waitForSelector('.ant-notification-notice', { state: 'detached' });
    },
  );

  await t.test(
    'given the same agent in a second browser, then it has the telephone and the first says so',
    async (t) => {
      const second = await web.open('/', 'agent1');
      await second.page.waitForSelector('text=话机就绪');
      await page.waitForSelector('text=软电话正在别处使用');
      let flips = 0;
      page.on('request', (request) => {
        if (request.url().endsWith('/agents/me/phone')) flips += 1;
      });
      await until('the service to know', async () => (await agent())?.['isPhoneReady'] === true);
      await page.click('text=软电话正在别处使用');
      await page.waitForSelector('text=话机就绪');
      await second.page.waitForSelector('text=软电话正在别处使用');
      await until('the service to know', async () => (await agent())?.['isPhoneReady'] === true);
      t.ok(flips <= 4, `the two do not fight (${flips} requests)`);
      t.strictSame(second.errors, []);
    },
  );

  await t.test(
    'given an agent who talks, when they log out, then they are asked before',
    async (t) => {
      const caller = await call(service, '13700005003', '!0');
      await page.waitForSelector('.offer');
      await page.keyboard.press('F2');
      await page.waitForSelector('.bar-call:has-text("通话中")');
      await page.click('.top-end [aria-haspopup=menu]');
      await page.click('.menu-item:has-text("退出登录")');
      await page.waitForSelector('.ant-modal:has-text("您还在通话")');
      await page.click('.ant-modal button:has-text("继续工作")');
      await page.waitForSelector('.ant-modal', { state: 'detached' });
      t.ok(await page.isVisible('.bar-call'));
      caller.hangup();
      await caller.close();
      await finish();
      t.strictSame(errors, []);
    },
  );

  await t.test(
    'given a page that nobody has touched, then it says why the first ring would not be heard',
    async (t) => {
      const web = await openWeb(service, { mustBeTouched: true });
      t.teardown(() => web.close());
      const { page } = await web.open('/desk', 'agent2');
      await page.click('text=签入，开始接听');
      await page.waitForSelector('text=话机就绪');
      const fresh = await page.context().newPage();
      await fresh.goto('/desk');
      await page.close();
      // What the driver asks of a page counts as a gesture, unless it is asked like this.
      const session = await fresh.context().newCDPSession(fresh);
      await until('the hint', async () => {
        const { result } = await session.send('Runtime.evaluate', {
          ...{
            expression: "document.body.innerText.includes('否则听不到来电铃声')",
            userGesture: false,
          },
        });
        return result.value === true;
      });
      await fresh.mouse.click(700, 500);
      await fresh.waitForSelector('text=请点一下页面', { state: 'detached' });
      await fresh.waitForSelector('text=话机就绪');
      t.pass('the page says why it would not be heard, until it is touched');
    },
  );
});

/** The Enter with which an input method takes a word from its list. */
async function composingEnter(page: Page): Promise<void> {
  await page.evaluate(`document.activeElement.dispatchEvent(
    new KeyboardEvent('keydown', { key: 'Enter', code: 'Enter', keyCode: 229, bubbles: true }))`);
}
