import t from 'tap';
import { until } from '../support/until.ts';
import { noBrowser } from '../support/browser.ts';
import { call } from '../support/calls.ts';
import { humming } from '../support/hum.ts';
import { startService } from '../support/service.ts';
import { buildWeb } from '../support/program.ts';
import { openWeb, type OpenPage } from '../support/web-pages.ts';

const tone = { owner: 1000, first: 700, second: 1300 };

void t.test('the whole story, in the browser', { skip: noBrowser ?? false }, async (t) => {
  buildWeb();
  const service = await startService();
  const web = await openWeb(service);
  t.teardown(async () => {
    await web.close();
    await service.stop();
  });
  const sitDown = async (who: string, hz: number): Promise<OpenPage> => {
    const opened = await web.open('/', who, hz);
    await opened.page.click('text=签入，开始接听');
    await opened.page.waitForSelector('text=话机就绪');
    await opened.page.waitForSelector('.presence:has-text("空闲")');
    return opened;
  };
  const first = await sitDown('agent1', tone.first);
  const second = await sitDown('agent2', tone.second);
  const callIdOf = async () => {
    const token = await service.token();
    const reply = await service.api('/calls?limit=1', { token });
    const { items } = (await reply.json()) as { items: { id: string }[] };
    return items[0]?.id ?? '';
  };

  await t.test(
    'given two agents and an owner, then queue, pop, hold, consultation, conference, hand-over, wrap-up',
    async (t) => {
      await second.page.keyboard.press('F9');
      await second.page.waitForSelector('.presence:not(:has-text("空闲"))');
      const owner = await call(service, '13800000001', '!0');
      void owner.say(humming(tone.owner));
      const ownerHears = (hz: number, isHeard = true) =>
        until(`the owner ${isHeard ? 'to' : 'not to'} hear ${hz} Hz`, () => {
          const share = owner.ear.toneShare(hz, 400);
          return isHeard ? share > 0.1 : share < 0.02;
        });

      t.comment('the screen is there before the telephone is picked up');
      await first.page.waitForSelector('.offer:has-text("王建国")');
      await first.page.waitForSelector('.desk-columns:has-text("3栋2单元1201")');
      await first.page.keyboard.press('F2');
      // The sound may come before the page knows that they talk, and until then no key holds.
      await first.page.waitForSelector('.bar-call:has-text("通话中")');
      await first.hears(tone.owner);
      await ownerHears(tone.first);

      t.comment('hold');
      await first.page.keyboard.press('F6');
      await first.page.waitForSelector('.bar-call:has-text("已保持")');
      await ownerHears(tone.first, false);
      await first.hears(tone.owner, { isHeard: false });
      await first.page.keyboard.press('F6');
      await first.page.waitForSelector('.bar-call:has-text("通话中")');
      await first.hears(tone.owner);
      await ownerHears(tone.first);

      t.comment('a half-written order goes with the question to a colleague');
      await first.page.fill('#summary', '厨房水管漏水');
      await first.page.waitForSelector('text=已保存');
      await first.page.keyboard.press('F8');
      await first.page.waitForSelector('.ant-modal input:focus');
      await first.page.keyboard.type('agent2');
      await first.page.keyboard.press('Enter');
      await second.page.waitForSelector('.offer:has-text("王建国")');
      await second.page.waitForSelector('text=厨房水管漏水');
      await second.page.keyboard.press('F2');
      await second.page.waitForSelector('.bar-call:has-text("正在向您咨询")');
      await second.hears(tone.first);
      await first.hears(tone.second);
      await ownerHears(tone.first, false);
      await ownerHears(tone.second, false);

      t.comment('all three');
      await first.page.keyboard.press('Alt+3');
      await first.page.waitForSelector('.bar-call:has-text("三方通话")');
      await ownerHears(tone.first);
      await ownerHears(tone.second);
      await first.hears(tone.owner);
      await first.hears(tone.second);
      await second.hears(tone.owner);
      await second.hears(tone.first);

      t.comment('the first agent leaves the two alone, and wraps up');
      await first.page.keyboard.press('F4');
      await first.page.waitForSelector('.wrap-up');
      await second.page.waitForSelector('.bar-call:has-text("通话中")');
      await ownerHears(tone.first, false);
      await ownerHears(tone.second);
      await second.hears(tone.owner);
      t.equal(
        await second.page.inputValue('#summary'),
        '厨房水管漏水',
        'the second goes on where the first stopped',
      );
      await second.page.keyboard.press('Control+Enter');
      await second.page.waitForSelector('.made');
      for (const agent of [first, second]) {
        if (agent === second) owner.hangup();
        await agent.page.waitForSelector('.wrap-up .chip');
        await agent.page.keyboard.press('Alt+1');
        await agent.page.keyboard.press('F10');
        await agent.page.waitForSelector('.wrap-up', { state: 'detached' });
      }
      await owner.close();

      const token = await service.token();
      const callId = await callIdOf();
      const told = await until('the timeline', async () => {
        const reply = await service.api(`/calls/${callId}`, { token });
        const { events } = (await reply.json()) as { events: { kind: string; data: object }[] };
        return events.filter((one) => one.kind === 'call.wrappedUp').length === 2 && events;
      });
      const story = told.map(({ kind, data }) => {
        const { from, to } = data as { from?: string; to?: string };
        return kind === 'conversation.changed' ? `${from ?? ''} > ${to ?? ''}` : kind;
      });
      const wanted = [
        ...['queue.entered', 'offer.made', 'offer.accepted'],
        ...['queue.left', 'recording.started', 'dialling > talking', 'party.joined'],
        ...['talking > held', 'held > talking', 'talking > consulting', 'offer.made'],
        ...['offer.accepted', 'party.joined', 'consulting > conference', 'party.left'],
        ...['call.wrappedUp', 'call.wrappedUp'],
      ];
      t.strictSame(inOrder(story, wanted), wanted, story.join(', '));
      t.strictSame([...first.errors, ...second.errors], [], 'no page complained');
    },
  );

  await t.test(
    'given no telephone but two pages, when one is loaded anew or the service dies, then nobody is lost',
    async (t) => {
      const wall = await web.open('/wall', 'supervisor');
      const owner = await web.open('/phone', undefined, tone.owner);
      await owner.page.click('.handset-keys button:has-text("呼叫")');
      await owner.page.waitForSelector('.keypad.large button:enabled');
      await owner.page.click('.keypad.large button:has-text("0")');
      await first.page.waitForSelector('.offer');
      await first.page.keyboard.press('F2');
      await first.hears(tone.owner);
      await owner.hears(tone.first);

      t.comment(
        'the agent loads the page anew: it is the running talk again by itself, and no break',
      );
      await first.page.reload();
      await owner.hears(tone.first, { isHeard: false });
      await first.hears(tone.owner);
      await owner.hears(tone.first);
      await first.page.waitForSelector('.bar-call:has-text("通话中")');
      t.equal(await first.page.locator('.offer').count(), 0);
      const token = await service.token('agent1');
      const mine = await service.api('/agents/me', { token });
      const { desk } = (await mine.json()) as { desk: { agent: object } };
      t.match(desk.agent, { presence: 'available', reason: null, engagement: 'talking' });

      t.comment('the service dies: they go on talking, and every screen finds its way back');
      await service.kill();
      await owner.hears(tone.first);
      await service.start();
      await first.page.waitForSelector('.bar-call:has-text("通话中")');
      await wall.page.waitForSelector('.live-calls li:has-text("客服 陈静")');
      await owner.hears(tone.first);
      await first.page.keyboard.press('F4');
      await first.page.waitForSelector('.wrap-up .chip');
      await first.page.keyboard.press('Alt+1');
      await first.page.keyboard.press('F10');
      await first.page.waitForSelector('.wrap-up', { state: 'detached' });
      await owner.page.waitForSelector('.handset-keys button:has-text("呼叫")');
      await wall.page.waitForSelector('text=现在没有通话');
      t.strictSame([...first.errors, ...owner.errors, ...wall.errors], [], 'no page complained');
    },
  );
});

/** Those of the wanted that come in that order, others between them left out. */
function inOrder(story: readonly string[], wanted: readonly string[]): string[] {
  const found: string[] = [];
  for (const one of story) if (one === wanted[found.length]) found.push(one);
  return found;
}
