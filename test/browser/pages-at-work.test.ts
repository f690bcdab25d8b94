import t from 'tap';
import type { DeskView } from '../../src/contract/agents/agents.ts';
import { axeFaults } from '../support/axe.ts';
import { noBrowser } from '../support/browser.ts';
import { call } from '../support/calls.ts';
import { openCarrier } from '../support/carrier.ts';
import { deskDialogs, open, shut } from '../support/dialogs.ts';
import { furnish, launchList } from '../support/furnished.ts';
import { buildWeb } from '../support/program.ts';
import { see, speak } from '../support/seen.ts';
import { startService } from '../support/service.ts';
import { until } from '../support/until.ts';
import { openWeb } from '../support/web-pages.ts';
import { fetchedBytes, limits } from '../support/web-size.ts';

void t.test('pages at work', { skip: noBrowser ?? false }, async (t) => {
  buildWeb();
  const carrier = await openCarrier();
  const service = await startService({ TRUNKS: `trunk=127.0.0.1:${carrier.port}` });
  const web = await openWeb(service);
  t.teardown(async () => {
    await web.close();
    await service.stop();
    await carrier.close();
  });
  await furnish(service, carrier.subscribers);

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
    const fetched = await fetchedBytes(page);
    t.ok(fetched <= limits.desk, `the desk in a talk fetched ${fetched} bytes`);
    const wall = await web.open('/wall', 'supervisor');
    await wall.page.waitForSelector('.agent .agent-state');
    await see(t, wall, 'wall-talk');
    await wall.page.click('.agent .icon-button');
    await wall.page.waitForSelector('.menu:popover-open');
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
