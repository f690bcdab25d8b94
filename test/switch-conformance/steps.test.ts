import t from 'tap';
import { connect } from 'node:net';
import { until } from '../support/until.ts';
import { EslConnection, type EslEvent } from '../../src/cti/esl/connection.ts';
import { proofOf } from '../../src/cti/leg/step-proofs.ts';
import { eventFilters, watchedEvents } from '../../src/cti/nodes/watched-events.ts';
import { incoming } from '../support/parked.ts';
import { isFreeswitch, startSwitch } from '../support/switch.ts';

/** What a service relies on to find out where a call stands, and what it hears meanwhile. */
void t.test('what a leg knows of its steps', async (t) => {
  const sw = await startSwitch();
  t.teardown(() => sw.close());
  const long = sw.tone('长提示', 900, 20_000);
  const beep = sw.tone('beep', 700, 300);
  const get = (uuid: string, name: string) => sw.esl.api(`uuid_getvar ${uuid} ${name}`);

  await t.test('given an application, then its proof is there when it is over', async (t) => {
    const { uuid, caller } = await incoming(sw, '13700000301');
    const digits = (file: string) => `1 1 1 300 none '${file}' silence_stream://10 got [0-9] 300`;
    for (const [application, short, lasting] of [
      ['playback', beep, long],
      ['play_and_get_digits', digits(beep), digits(long)],
    ] as const) {
      const proof = proofOf(application) ?? '';
      const clear = () =>
        sw.esl.api(`uuid_setvar_multi ${uuid} other=x;${proof}=;lt_step=~${application}`);
      await sw.run(uuid, application, short);
      t.not(await get(uuid, proof), '_undef_', `${application} has left ${proof}`);
      t.equal(await clear(), '+OK');
      t.equal(await get(uuid, proof), '_undef_', 'cleared with the next step');
      const began = sw.namesOf(uuid).filter((one) => one === 'PLAYBACK_START').length;
      const running = sw.run(uuid, application, lasting);
      await until(
        'it to begin',
        () => sw.namesOf(uuid).filter((one) => one === 'PLAYBACK_START').length > began,
      );
      t.equal(await get(uuid, proof), '_undef_', 'not before it is over');
      t.equal(await get(uuid, 'current_application'), application);
      t.equal(await sw.esl.api(`uuid_break ${uuid} all`), '+OK');
      await running;
      t.not(await get(uuid, proof), '_undef_', 'also when it was broken off');
    }
    caller.hangup();
    await caller.close();
  });

  await t.test(
    'given a file that is missing, then nothing is proved, and a mark behind comes',
    async (t) => {
      const { uuid, caller } = await incoming(sw, '13700000302');
      const proof = proofOf('playback') ?? '';
      await sw.queue(uuid, 'playback', `${sw.dir}/none.wav`);
      await sw.run(uuid, 'set', 'lt_done=none');
      t.equal(await get(uuid, proof), '_undef_');
      t.equal(await get(uuid, 'lt_done'), 'none');
      caller.hangup();
      await caller.close();
    },
  );

  await t.test(
    'given an order to run something a thousand million times, then all others go on',
    { skip: isFreeswitch && 'a thread of its own runs it there' },
    async (t) => {
      const { uuid, caller } = await incoming(sw, '13700000304');
      const { host, port, password } = sw.address;
      const client = connect(port, host);
      t.teardown(() => client.destroy());
      for (const loops of ['1000000000', '99999999999999999999', '1e9', '-1']) {
        client.write(
          `auth ${password}\n\nsendmsg ${uuid}\ncall-command: execute\nexecute-app-name: set\nexecute-app-arg: x=1\nloops: ${loops}\n\n`,
        );
      }
      await until('the orders to be taken', async () => (await get(uuid, 'x')) === '1');
      t.equal(await sw.esl.api('echo x'), 'x');
      await sw.run(uuid, 'set', 'lt_done=all');
      t.equal(await get(uuid, 'lt_done'), 'all', 'and what comes behind it is done');
      await sw.esl.api(`sched_hangup +99999999999999999999 ${uuid}`);
      await sw.run(uuid, 'sleep', '100');
      t.equal(
        await sw.esl.api(`uuid_exists ${uuid}`),
        'true',
        'a time that never comes is not now',
      );
      caller.hangup();
      await sw.event('CHANNEL_DESTROY', uuid);
      t.equal(await sw.esl.api(`sched_del ${uuid}`), '+OK Deleted: 0', 'nothing waits for it');
      await caller.close();
    },
  );

  await t.test(
    'given what a service listens to, then it hears of its own steps only',
    async (t) => {
      const heard: EslEvent[] = [];
      const service = await EslConnection.open(sw.address, (event) => heard.push(event));
      t.teardown(() => service.close());
      await service.subscribe(watchedEvents, eventFilters);
      const { uuid, caller } = await incoming(sw, '13700000303');
      const send = (application: string, argument: string, eventUuid: string) =>
        service.sendMessage({ uuid, application, argument, eventUuid });
      await send('set', 'unseen=1', 'other-1');
      await send('set', `seen=${'您好'.repeat(20)}`, 'lt_1');
      await caller.press('5');
      await until('the key', () => heard.some((one) => one['Event-Name'] === 'DTMF'));
      t.equal(await get(uuid, 'seen'), '您好'.repeat(20), 'an argument as a body');
      await service.api(`uuid_setvar ${uuid} lt_unattended true`);
      await send('set', 'unattended=1', 'other-2');
      await send('set', 'over=1', 'lt_2');
      await until('the last step', () => heard.some((one) => one['Application-UUID'] === 'lt_2'));
      await service.api(`uuid_kill ${uuid}`);
      // Besides what the dialplan runs by itself.
      const sent = ['other-1', 'lt_1', 'other-2', 'lt_2', undefined];
      const about = () =>
        heard.filter((one) => one['Unique-ID'] === uuid && sent.includes(one['Application-UUID']));
      await until('the end', () =>
        about().some((one) => one['Event-Name'] === 'CHANNEL_HANGUP_COMPLETE'),
      );
      const told = about().map((one) => one['Application-UUID'] ?? one['Event-Name']);
      t.same(told, ['CHANNEL_PARK', 'lt_1', 'DTMF', 'other-2', 'lt_2', 'CHANNEL_HANGUP_COMPLETE']);
      await caller.close();
    },
  );
});
