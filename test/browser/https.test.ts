import t from 'tap';
import { noBrowser } from '../support/browser.ts';
import { call } from '../support/calls.ts';
import { openHttpsProxy } from '../support/https-proxy.ts';
import { humming } from '../support/hum.ts';
import { buildWeb } from '../support/program.ts';
import { startService } from '../support/service.ts';
import { until } from '../support/until.ts';
import { openWeb } from '../support/web-pages.ts';

const clientAddress = '192.0.2.77';

/** An agent at another machine: browsers give them a microphone only over HTTPS. */
void t.test('an agent behind a proxy with HTTPS', { skip: noBrowser ?? false }, async (t) => {
  buildWeb();
  const proxy = await openHttpsProxy(clientAddress);
  const origin = `https://hotline.test:${proxy.port}`;
  const service = await startService({ SIP_WS_URL: `wss://hotline.test:${proxy.port}/sip` });
  proxy.lead({ http: service.httpPort, sip: service.wsPort });
  const web = await openWeb(service, { origin, hosts: 'MAP hotline.test 127.0.0.1' });
  t.teardown(async () => {
    await web.close();
    await service.stop();
    await proxy.close();
  });

  const agent = await web.open('/', 'agent1', 700);
  const { page, errors } = agent;
  t.equal(await page.evaluate('window.isSecureContext'), true);
  const [cookie] = await page.context().cookies();
  t.match(cookie, { name: 'lingting_session', secure: true, httpOnly: true });
  const session = await service.database.db
    .selectFrom('staffSession')
    .select('address')
    .where('address', '=', clientAddress)
    .executeTakeFirst();
  t.ok(session, 'the list of sessions shows the address of the browser, not of the proxy');

  await page.click('text=签入，开始接听');
  await page.waitForSelector('text=话机就绪');
  const owner = await call(service, '13800000001', '!0');
  void owner.say(humming(1000));
  await page.waitForSelector('.offer:has-text("王建国")');
  await page.keyboard.press('F2');
  await agent.hears(1000);
  await until('the owner to hear the agent', () => owner.ear.toneShare(700, 400) > 0.1);
  owner.hangup();
  await page.waitForSelector('.wrap-up');
  await owner.close();
  t.strictSame(errors, [], 'the page did not complain');
});
