import { createHash } from 'node:crypto';
import t from 'tap';
import { until } from '../support/until.ts';
import { noBrowser, startBrowser } from '../support/browser.ts';
import { openCallee } from '../support/callee.ts';
import { humming } from '../support/hum.ts';
import { incoming } from '../support/parked.ts';
import { startSwitch, type TestSwitch } from '../support/switch.ts';

const password = 'a-test-password';
const ha1 = createHash('md5').update(`agent1:lingting:${password}`).digest('hex');

/** The agent's page in a talk with a caller. */
async function talking(sw: TestSwitch, from: string) {
  const { uuid, caller } = await incoming(sw, from);
  const peer = await sw.esl.api('create_uuid');
  t.equal(
    await sw.job(`originate {origination_uuid=${peer},park_after_bridge=true}user/agent1 &park()`),
    `+OK ${peer}`,
  );
  await sw.esl.api(`uuid_bridge ${uuid} ${peer}`);
  await until('the agent', () => caller.ear.toneShare(440, 400) > 0.5);
  return { uuid, caller, peer };
}

void t.test('a browser transfers', { skip: noBrowser ?? false }, async (t) => {
  const sw = await startSwitch({ users: [{ username: 'agent1', ha1 }] });
  const browsers = await startBrowser();
  const callee = await openCallee('answer');
  t.teardown(async () => {
    await browsers.close();
    await callee.close();
    await sw.close();
  });
  const phone = await browsers.open();
  t.equal(
    await phone.register({ url: `ws://127.0.0.1:${sw.wsPort}`, user: 'agent1', password }),
    'registered',
  );
  await phone.do('tone', 440);

  await t.test('given a blind transfer, then the caller waits for the service', async (t) => {
    const { uuid, caller, peer } = await talking(sw, '13700004001');
    const told = phone.do('refer', 'sip:4100@lingting');
    await sw.event('CHANNEL_PARK', uuid, (event) => event['Caller-Destination-Number'] === '4100');
    const next = await sw.esl.api('create_uuid');
    await sw.job(`originate {origination_uuid=${next}}sofia/internal/${callee.address} &park()`);
    await sw.esl.api(`uuid_bridge ${uuid} ${next}`);
    t.equal(await told, 'accepted', 'as soon as somebody else talks to them');
    await sw.esl.api(`uuid_kill ${peer}`);
    await sw.event('CHANNEL_HANGUP', peer);
    t.equal(await sw.esl.api(`uuid_exists ${uuid}`), 'true');
    caller.hangup();
    await sw.event('CHANNEL_DESTROY', uuid);
    await caller.close();
  });

  await t.test('given a consulted transfer, then both others talk', async (t) => {
    const { uuid, caller, peer } = await talking(sw, '13700004002');
    const first = (await phone.do<number>('count')) - 1;
    void caller.say(humming(1000));
    await phone.hears(1000, { at: first });
    // The agent asks a colleague: a second call of the page, which the service connects.
    await phone.do('call', 'sip:8001@lingting');
    const asked = await until('the second call', () =>
      sw.events.find(
        (one) =>
          one['Event-Name'] === 'CHANNEL_PARK' && one['Caller-Destination-Number'] === '8001',
      ),
    );
    const second = asked['Unique-ID'] ?? '';
    const third = await sw.esl.api('create_uuid');
    await sw.job(`originate {origination_uuid=${third}}sofia/internal/${callee.address} &park()`);
    await sw.run(second, 'answer');
    await sw.esl.api(`uuid_bridge ${second} ${third}`);
    const colleague = await until('the colleague', () => callee.calls.at(-1));
    void colleague.say(humming(1500));
    await phone.hears(1500, { at: first + 1 });

    t.equal(await phone.do('refer', 'sip:8001@lingting', first + 1, first), 'accepted');
    await until('the caller to hear the colleague', () => caller.ear.toneShare(1500, 400) > 0.5);
    await until('the colleague to hear them', () => colleague.ear.toneShare(1000, 400) > 0.5);
    t.match(await sw.event('CHANNEL_HANGUP', second), { 'Hangup-Cause': 'ATTENDED_TRANSFER' });
    await sw.event('CHANNEL_HANGUP', peer);
    await phone.becomes(/^ended/, first);
    await phone.becomes(/^ended/, first + 1);
    caller.hangup();
    await sw.event('CHANNEL_DESTROY', uuid);
    await sw.event('CHANNEL_DESTROY', third);
    await caller.close();
  });
});
