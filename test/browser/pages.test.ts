import t from 'tap';
import { hotp } from '../../src/organisation/accounts/totp.ts';
import { focused, go, isSettled } from '../fixtures/page-look.mjs';
import { axeFaults } from '../support/axe.ts';
import { noBrowser } from '../support/browser.ts';
import { ask } from '../support/campaigns.ts';
import { openCarrier } from '../support/carrier.ts';
import { accountDialog, dialogsOf, open, shut } from '../support/dialogs.ts';
import { furnish } from '../support/furnished.ts';
import { buildWeb } from '../support/program.ts';
import { languages, picture, see, speak, visit } from '../support/seen.ts';
import { password, startService } from '../support/service.ts';
import { until } from '../support/until.ts';
import { openWeb } from '../support/web-pages.ts';
import { fetchedBytes, limits, webSizes } from '../support/web-size.ts';

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
      const sizes = webSizes();
      t.ok(sizes.desk <= limits.desk, `the desk is ${sizes.desk} bytes`);
      const first = await web.open('/');
      await first.page.waitForSelector('#username');
      const fetched = await fetchedBytes(first.page);
      t.ok(fetched <= limits.login, `a stranger fetched ${fetched} bytes`);
      t.ok(fetched <= sizes.login * 1.02, `and ${sizes.login} were foreseen`);
      await first.page.context().close();
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
});
