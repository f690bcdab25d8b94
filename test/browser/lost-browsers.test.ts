import type { Page } from 'playwright-core';
import t, { type Test } from 'tap';
import { noBrowser } from '../support/browser.ts';
import { call, everyRowClosed } from '../support/calls.ts';
import { cutLineTo } from '../support/cut-line.ts';
import { humming } from '../support/hum.ts';
import { buildWeb } from '../support/program.ts';
import { startService } from '../support/service.ts';
import { until } from '../support/until.ts';
import { openWeb, type OpenPage } from '../support/web-pages.ts';

/** Of the owner; agents have their own. */
const tone = 1000;

/**
 * The browser of an agent dies without a word while the caller is on hold, in a consultation, in a conference,
 * in a talk, and in the wrap-up.
 */
void t.test('agents lose their browsers', { skip: noBrowser ?? false }, async (t) => {
  buildWeb();
  // Their telephones' way to the switch can be cut; the screens have another.
  const line = await cutLineTo('127.0.0.1', () => service.wsPort);
  const service = await startService({ SIP_WS_URL: `ws://127.0.0.1:${line.port}` });
  const web = await openWeb(service);
  t.teardown(async () => {
    await web.close();
    await service.stop();
    await line.close();
  });
  /** An agent, and the browser that they have now. */
  class Agent {
    readonly who: string;
    readonly hz: number;
    opened!: OpenPage;
    constructor(who: string, hz: number) {
      this.who = who;
      this.hz = hz;
    }
    get page(): Page {
      return this.opened.page;
    }
    async open(): Promise<void> {
      this.opened = await web.open('/', this.who, this.hz);
    }
    async sitDown(): Promise<void> {
      await this.open();
      await this.page.click('text=签入，开始接听');
      await this.ready();
    }
    async ready(): Promise<void> {
      await this.page.waitForSelector('text=话机就绪');
      await this.page.waitForSelector('.presence:has-text("空闲")');
    }
    async pickUp(offer: string): Promise<void> {
      await this.page.waitForSelector(`.offer:has-text("${offer}")`);
      await this.page.keyboard.press('F2');
    }
    async talks(): Promise<void> {
      await this.page.waitForSelector('.bar-call:has-text("通话中")');
      await this.opened.hears(tone);
      await ownerHears(this.hz);
    }
    async asks(colleague: Agent): Promise<void> {
      await this.page.keyboard.press('F8');
      await this.page.waitForSelector('.ant-modal input:focus');
      await this.page.keyboard.type(colleague.who);
      await this.page.keyboard.press('Enter');
      await colleague.pickUp('王建国');
      await colleague.page.waitForSelector('.bar-call:has-text("正在向您咨询")');
      await this.opened.hears(colleague.hz);
    }
    async wrapUp(): Promise<void> {
      await this.page.waitForSelector('.wrap-up .chip');
      await this.page.keyboard.press('Alt+1');
      await this.page.keyboard.press('F10');
      await this.page.waitForSelector('.wrap-up', { state: 'detached' });
    }
    summary(): Promise<string> {
      return this.page.inputValue('#summary');
    }
  }

  const chen = new Agent('agent1', 700);
  const second = new Agent('agent2', 1300);
  await chen.sitDown();
  await t.test(
    'a telephone that loses its way: the talk goes on, and its end is seen',
    async () => {
      const early = await call(service, '13800000001', '!0');
      void early.say(humming(tone));
      await chen.pickUp('王建国');
      await chen.opened.hears(tone);
      line.cut();
      await chen.page.waitForSelector('text=正在连接');
      await until('the owner to hear on', () => early.ear.toneShare(chen.hz, 400) > 0.1);
      // Its goodbye to the page is lost.
      early.hangup();
      await early.close();
      await chen.page.waitForSelector('.wrap-up .chip');
      line.mend();
      await chen.wrapUp();
      await chen.ready();
    },
  );

  await second.sitDown();
  await second.page.keyboard.press('F9');
  await second.page.waitForSelector('.presence:not(:has-text("空闲"))');
  const wall = await web.open('/wall', 'supervisor');
  const owner = await call(service, '13800000001', '!0');
  void owner.say(humming(tone));
  const ownerHears = (hz: number, isHeard = true) =>
    until(`the owner ${isHeard ? 'to' : 'not to'} hear ${hz} Hz`, () => {
      const share = owner.ear.toneShare(hz, 400);
      return isHeard ? share > 0.1 : share < 0.02;
    });
  /** Music is sound that is no tone of ours. */
  const ownerHearsMusic = async () => {
    for (const { hz } of [chen, second]) await ownerHears(hz, false);
    const before = owner.ear.soundMs;
    await until('music', () => owner.ear.soundMs > before + 400);
  };
  const onTheWall = async (t: Test, who: string) => {
    await wall.page.waitForSelector(`.live-calls li:has-text("${who}")`);
    t.equal(await wall.page.locator('.live-calls li').count(), 1, 'one call on the wall');
  };

  await t.test('on hold: the owner hears music, and gets the same agent back', async (t) => {
    await chen.pickUp('王建国');
    await chen.talks();
    await chen.page.fill('#summary', '阳台渗水');
    await chen.page.waitForSelector('text=已保存');
    await chen.page.keyboard.press('F6');
    await chen.page.waitForSelector('.bar-call:has-text("已保持")');
    await crash(chen.page);
    await ownerHearsMusic();
    await chen.open();
    await chen.page.waitForSelector('.offer');
    await ownerHearsMusic();
    await chen.pickUp('您刚才的来电者回来了');
    await chen.talks();
    await onTheWall(t, '客服 陈静');
  });

  await t.test('in a consultation: the colleague has the owner', async (t) => {
    await chen.asks(second);
    await crash(chen.page);
    await second.talks();
    t.equal(await second.summary(), '阳台渗水');
    await chen.open();
    await chen.wrapUp();
    await chen.ready();
  });

  await t.test('in a conference: who is left talks on', async () => {
    await chen.page.keyboard.press('F9');
    await chen.page.waitForSelector('.presence:not(:has-text("空闲"))');
    await second.asks(chen);
    await second.page.keyboard.press('Alt+3');
    await second.page.waitForSelector('.bar-call:has-text("三方通话")');
    await ownerHears(chen.hz);
    await crash(chen.page);
    await second.talks();
    await chen.open();
    await chen.wrapUp();
    await chen.page.keyboard.press('F9');
    await chen.ready();
  });

  await t.test('in a talk, and not back in time: a colleague has the owner', async (t) => {
    await crash(second.page);
    await ownerHearsMusic();
    await chen.pickUp('王建国');
    await chen.talks();
    await onTheWall(t, '客服 陈静');
  });

  await t.test('in the wrap-up: the next browser has it, with what was written', async (t) => {
    await chen.page.keyboard.press('F4');
    await chen.page.waitForSelector('.wrap-up .chip');
    await crash(chen.page);
    await wall.page.waitForSelector('text=现在没有通话');
    await chen.open();
    await chen.page.waitForSelector('.wrap-up .chip');
    t.equal(await chen.summary(), '阳台渗水');
    await chen.wrapUp();
    await owner.close();
    await everyRowClosed(service);
  });
});

/** The process behind the page dies: no goodbye of the page, of its calls, or of its websockets. */
async function crash(page: Page): Promise<void> {
  const crashed = page.waitForEvent('crash');
  page.goto('chrome://crash').catch(() => undefined);
  await crashed;
  await page.context().close();
}
