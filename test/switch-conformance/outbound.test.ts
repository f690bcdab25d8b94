import t from 'tap';
import { speechLike } from '../../scripts/phone/voice.ts';
import { until } from '../support/until.ts';
import { openCallee } from '../support/callee.ts';
import { incoming } from '../support/parked.ts';
import { startSwitch } from '../support/switch.ts';

void t.test('a call that goes out', async (t) => {
  const sw = await startSwitch();
  const callee = await openCallee('answer');
  t.teardown(async () => {
    await callee.close();
    await sw.close();
  });
  const to = () => `sofia/internal/${callee.address}`;

  await t.test(
    'given an answer, then OK with the id that we chose, and it is parked',
    async (t) => {
      callee.behaviour = 'answer';
      const uuid = await sw.esl.api('create_uuid');
      t.match(uuid, /^[0-9a-f-]{36}$/);
      const result = await sw.job(
        `originate {origination_uuid=${uuid},origination_caller_id_number=4000,lt_call='王建国'}${to()} &park()`,
      );
      t.equal(result, `+OK ${uuid}`);
      t.match(await sw.event('CHANNEL_ANSWER', uuid), {
        'Call-Direction': 'outbound',
        variable_lt_call: '王建国',
      });
      await sw.event('CHANNEL_PARK', uuid);
      const call = await until('the phone to ring', () => callee.calls.at(-1));
      t.equal(call.session.from.user, '4000', 'the caller id that we chose');
      await sw.run(uuid, 'playback', sw.tone('hello', 800, 600));
      t.ok(call.ear.toneShare(800, 500) > 0.3, 'the called person hears it');
      call.session.hangup();
      t.match(await sw.event('CHANNEL_HANGUP_COMPLETE', uuid), {
        'Hangup-Cause': 'NORMAL_CLEARING',
      });
      await sw.event('CHANNEL_DESTROY', uuid);
      const names = sw.namesOf(uuid).filter((name) => !/EXECUTE|PLAYBACK|MEDIA/.test(name));
      t.same(names, [
        'CHANNEL_CREATE',
        'CHANNEL_PROGRESS',
        'CHANNEL_ANSWER',
        'CHANNEL_PARK',
        'CHANNEL_HANGUP',
        'CHANNEL_UNPARK',
        'CHANNEL_HANGUP_COMPLETE',
        'CHANNEL_DESTROY',
      ]);
    },
  );

  for (const [status, cause] of [
    [486, 'USER_BUSY'],
    [603, 'CALL_REJECTED'],
    [404, 'UNALLOCATED_NUMBER'],
    [480, 'NO_USER_RESPONSE'],
    [503, 'NORMAL_TEMPORARY_FAILURE'],
    [408, 'RECOVERY_ON_TIMER_EXPIRE'],
    [484, 'INVALID_NUMBER_FORMAT'],
    [403, 'CALL_REJECTED'],
    [600, 'USER_BUSY'],
    [500, 'NORMAL_TEMPORARY_FAILURE'],
    [410, 'NUMBER_CHANGED'],
    [502, 'NETWORK_OUT_OF_ORDER'],
  ] as const) {
    await t.test(`given ${status}, then the cause is ${cause}`, async (t) => {
      callee.behaviour = { status };
      const uuid = await sw.esl.api('create_uuid');
      const result = await sw.job(`originate {origination_uuid=${uuid}}${to()} &park()`);
      t.equal(result, `-ERR ${cause}`);
      t.match(await sw.event('CHANNEL_HANGUP_COMPLETE', uuid), {
        'Hangup-Cause': cause,
        variable_sip_term_status: String(status),
      });
    });
  }

  await t.test('given nobody answers in time, then NO_ANSWER and the phone stops', async (t) => {
    callee.behaviour = 'ring';
    const uuid = await sw.esl.api('create_uuid');
    const result = await sw.job(
      `originate {origination_uuid=${uuid},originate_timeout=1}${to()} &park()`,
    );
    t.equal(result, '-ERR NO_ANSWER');
    await until('the phone to stop ringing', () => callee.calls.at(-1)?.end !== undefined);
    t.match(await sw.event('CHANNEL_HANGUP_COMPLETE', uuid), { 'Hangup-Cause': 'NO_ANSWER' });
  });

  await t.test('given leg_timeout, then that leg alone is given up', async (t) => {
    callee.behaviour = 'ring';
    t.equal(await sw.job(`originate [leg_timeout=1]${to()} &park()`), '-ERR ALLOTTED_TIMEOUT');
    await until('the phone to stop ringing', () => callee.calls.at(-1)?.end !== undefined);
  });

  await t.test('given early audio, then it counts as success, unless told not to', async (t) => {
    callee.behaviour = 'ring';
    const before = callee.calls.length;
    const uuid = await sw.esl.api('create_uuid');
    const job = sw.job(`originate {origination_uuid=${uuid}}${to()} &park()`);
    const call = await until('the phone to ring', () => callee.calls[before]);
    call.early();
    t.equal(await job, `+OK ${uuid}`);
    await sw.event('CHANNEL_PARK', uuid);
    t.notOk(sw.namesOf(uuid).includes('CHANNEL_ANSWER'));
    call.answer();
    await sw.event('CHANNEL_ANSWER', uuid);
    await sw.esl.api(`uuid_kill ${uuid}`);
    await sw.event('CHANNEL_DESTROY', uuid);

    const patient = await sw.esl.api('create_uuid');
    let isDone = false;
    const second = sw
      .job(`originate {origination_uuid=${patient},ignore_early_media=true}${to()} &park()`)
      .finally(() => (isDone = true));
    const other = await until('the phone to ring', () => callee.calls[before + 1]);
    other.early();
    await sw.event('CHANNEL_PROGRESS_MEDIA', patient);
    t.notOk(isDone, 'it waits for the answer');
    other.answer();
    t.equal(await second, `+OK ${patient}`);
    await sw.esl.api(`uuid_kill ${patient}`);
    await sw.event('CHANNEL_DESTROY', patient);
  });

  await t.test('given we kill it while it rings, then the phone stops', async (t) => {
    callee.behaviour = 'ring';
    const before = callee.calls.length;
    const uuid = await sw.esl.api('create_uuid');
    const job = sw.job(`originate {origination_uuid=${uuid}}${to()} &park()`);
    await until('the phone to ring', () => callee.calls.length > before);
    await sw.event('CHANNEL_PROGRESS', uuid);
    t.equal(await sw.esl.api(`uuid_kill ${uuid}`), '+OK');
    t.match(await job, /^-ERR /);
    await until('the phone to stop ringing', () => callee.calls.at(-1)?.end !== undefined);
  });

  await t.test('given nobody is there at all, then it fails with a cause', async (t) => {
    t.equal(await sw.job('originate user/nobody &park()'), '-ERR SUBSCRIBER_ABSENT');
    t.equal(await sw.job('originate sofia/gateway/none/1 &park()'), '-ERR INVALID_GATEWAY');
    t.equal(await sw.job('originate error/user_busy &park()'), '-ERR USER_BUSY');
    t.equal(await sw.job('originate nonsense/1 &park()'), '-ERR CHAN_NOT_IMPLEMENTED');
    t.match(await sw.job('originate'), /^-USAGE/);
  });

  await t.test('given a bridge, then both hear each other, and hold is told', async (t) => {
    callee.behaviour = 'answer';
    const { uuid, caller } = await incoming(sw, '13700001001');
    const before = callee.calls.length;
    await sw.run(uuid, 'set', 'hangup_after_bridge=true');
    const peer = await sw.esl.api('create_uuid');
    await sw.queue(uuid, 'bridge', `{origination_uuid=${peer}}${to()}`);
    t.match(await sw.event('CHANNEL_BRIDGE', uuid), { 'Other-Leg-Unique-ID': peer });
    const call = await until('the phone', () => callee.calls[before]);
    await Promise.all([caller.say(speechLike(1500, 600)), call.say(speechLike(1500, 1200))]);
    t.ok(call.ear.toneShare(600, 1000) > 0.3, 'the agent hears the caller');
    t.ok(caller.ear.toneShare(1200, 1000) > 0.3, 'the caller hears the agent');
    call.session.hangup();
    await sw.event('CHANNEL_UNBRIDGE', uuid);
    t.match(await sw.event('CHANNEL_HANGUP_COMPLETE', uuid), {
      'Hangup-Cause': 'NORMAL_CLEARING',
    });
    await caller.ended(5000);
    await caller.close();
  });

  await t.test('given a busy phone, then the caller stays, and why is told', async (t) => {
    callee.behaviour = { status: 486 };
    const { uuid, caller } = await incoming(sw, '13700001002');
    await sw.run(uuid, 'set', 'continue_on_fail=true');
    const done = await sw.run(uuid, 'bridge', to());
    t.match(done, {
      variable_originate_disposition: 'USER_BUSY',
    });
    t.equal(await sw.esl.api(`uuid_exists ${uuid}`), 'true');
    caller.hangup();
    await sw.event('CHANNEL_DESTROY', uuid);
    await caller.close();
  });

  await t.test('given a caller who leaves a bridge, then the phone is freed', async (t) => {
    callee.behaviour = 'answer';
    const { uuid, caller } = await incoming(sw, '13700001003');
    const before = callee.calls.length;
    await sw.queue(uuid, 'bridge', to());
    await sw.event('CHANNEL_BRIDGE', uuid);
    caller.hangup();
    await until('the phone to be freed', () => callee.calls[before]?.end !== undefined);
    await sw.event('CHANNEL_DESTROY', uuid);
    t.pass('freed');
    await caller.close();
  });

  await t.test(
    'given two legs of their own, then uuid_bridge joins them, and park parts them',
    async (t) => {
      callee.behaviour = 'answer';
      const { uuid, caller } = await incoming(sw, '13700001004');
      const before = callee.calls.length;
      const peer = await sw.esl.api('create_uuid');
      t.match(await sw.job(`originate {origination_uuid=${peer}}${to()} &park()`), /^\+OK/);
      t.equal(await sw.esl.api(`uuid_bridge ${uuid} ${peer}`), `+OK ${peer}`);
      await sw.event('CHANNEL_BRIDGE', uuid);
      const call = await until('the phone', () => callee.calls[before]);
      await call.say(speechLike(1200, 1200));
      t.ok(caller.ear.toneShare(1200, 800) > 0.3, 'the caller hears the agent');
      t.equal(await sw.esl.api(`uuid_hold ${uuid}`), '+OK Success');
      await sw.event('CHANNEL_HOLD', uuid);
      // On FreeSWITCH an unhold before the music has begun leaves it playing for ever.
      await until('the music', () =>
        [523, 659, 784].some((hz) => call.ear.toneShare(hz, 200) > 0.3),
      );
      t.equal(await sw.esl.api(`uuid_hold off ${uuid}`), '+OK Success');
      await sw.event('CHANNEL_UNHOLD', uuid);
      await until('the caller to hear the agent again', async () => {
        await call.say(speechLike(600, 1200));
        return caller.ear.toneShare(1200, 400) > 0.3;
      });
      t.match(await sw.esl.api(`uuid_park ${uuid}`), /^\+OK/);
      await sw.event('CHANNEL_UNBRIDGE', uuid);
      await until(
        'the caller to be parked again',
        () => sw.namesOf(uuid).filter((name) => name === 'CHANNEL_PARK').length === 2,
      );
      t.equal(await sw.esl.api(`uuid_exists ${uuid}`), 'true');
      await sw.esl.api(`uuid_kill ${peer}`);
      caller.hangup();
      await sw.event('CHANNEL_DESTROY', uuid);
      await caller.close();
    },
  );
});
