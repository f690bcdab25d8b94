import { readFileSync } from 'node:fs';
import path from 'node:path';
import t from 'tap';
import type { Caller } from '../../scripts/phone/caller.ts';
import { toneShare, type Ear } from '../../scripts/phone/ear.ts';
import { until } from '../support/until.ts';
import { openCallee, type Callee, type TakenCall } from '../support/callee.ts';
import { humming } from '../support/hum.ts';
import { incoming } from '../support/parked.ts';
import { isFreeswitch, startSwitch, type TestSwitch } from '../support/switch.ts';

/** What each of the three hums: far enough apart to be told from one another in a mix. */
const hz = { caller: 600, agent: 1000, supervisor: 1500 };
type Who = keyof typeof hz;

/** Waits until an ear hears exactly these tones. */
async function hears(ear: Ear, who: readonly Who[]): Promise<void> {
  await until(
    `hearing ${who.join(' and ') || 'nobody'}`,
    () =>
      (Object.keys(hz) as Who[]).every((one) => {
        const share = ear.toneShare(hz[one], 400);
        return who.includes(one) ? share > 0.1 : share < 0.01;
      }),
    { timeoutMs: 15_000, everyMs: 50 },
  );
}

interface Talk {
  uuid: string;
  caller: Caller;
  peer: string;
  agent: TakenCall;
}

/** The next call that the phone takes. */
async function ring(sw: TestSwitch, callee: Callee, variables = '', app = '&park()') {
  const before = callee.calls.length;
  const uuid = await sw.esl.api('create_uuid');
  const job = sw.job(
    `originate {origination_uuid=${uuid}${variables}}sofia/internal/${callee.address} ${app}`,
  );
  const call = await until('the phone to ring', () => callee.calls[before]);
  t.equal(await job, `+OK ${uuid}`);
  return { uuid, call };
}

async function talking(sw: TestSwitch, callee: Callee, from: string, vars = ''): Promise<Talk> {
  const { uuid, caller } = await incoming(sw, from);
  const { uuid: peer, call: agent } = await ring(sw, callee, vars);
  t.equal(await sw.esl.api(`uuid_bridge ${uuid} ${peer}`), `+OK ${peer}`);
  await sw.event('CHANNEL_BRIDGE', uuid);
  void caller.say(humming(hz.caller));
  void agent.say(humming(hz.agent));
  await hears(caller.ear, ['agent']);
  await hears(agent.ear, ['caller']);
  return { uuid, caller, peer, agent };
}

void t.test('three on the line', async (t) => {
  const sw = await startSwitch();
  const callee = await openCallee('answer');
  t.teardown(async () => {
    await callee.close();
    await sw.close();
  });

  await t.test('given a supervisor who listens, then keys choose who hears them', async (t) => {
    const { uuid, caller, peer, agent } = await talking(sw, callee, '13700003001');
    const { uuid: spy, call: supervisor } = await ring(sw, callee, '', `&eavesdrop(${peer})`);
    void supervisor.say(humming(hz.supervisor));
    await hears(supervisor.ear, ['caller', 'agent']);
    await hears(caller.ear, ['agent']);
    await hears(agent.ear, ['caller']);
    const press = (key: string) => sw.esl.api(`uuid_recv_dtmf ${spy} ${key}`);
    t.equal(await press('2'), `+OK ${spy} received DTMF 2.`);
    await hears(agent.ear, ['caller', 'supervisor']);
    await hears(caller.ear, ['agent']);
    await press('1');
    await hears(caller.ear, ['agent', 'supervisor']);
    await hears(agent.ear, ['caller']);
    await press('3');
    await hears(caller.ear, ['agent', 'supervisor']);
    await hears(agent.ear, ['caller', 'supervisor']);
    await press('0');
    await hears(caller.ear, ['agent']);
    await hears(agent.ear, ['caller']);
    await hears(supervisor.ear, ['caller', 'agent']);

    supervisor.session.hangup();
    await sw.event('CHANNEL_DESTROY', spy);
    await hears(caller.ear, ['agent']);
    t.equal(await sw.esl.api(`uuid_exists ${uuid}`), 'true');
    t.equal(await sw.esl.api(`uuid_exists ${peer}`), 'true');
    caller.hangup();
    await sw.event('CHANNEL_DESTROY', uuid);
    await sw.event('CHANNEL_DESTROY', peer);
    await caller.close();
  });

  await t.test('given a whisper by variable, then only the agent hears it', async (t) => {
    const { uuid, caller, peer, agent } = await talking(sw, callee, '13700003002');
    const { uuid: spy, call: supervisor } = await ring(
      sw,
      callee,
      ',eavesdrop_whisper_bleg=true,eavesdrop_enable_dtmf=false',
      `&eavesdrop(${peer})`,
    );
    void supervisor.say(humming(hz.supervisor));
    await hears(agent.ear, ['caller', 'supervisor']);
    await hears(caller.ear, ['agent']);
    await sw.esl.api(`uuid_recv_dtmf ${spy} 3`);
    await until('the supervisor to hear on', () => supervisor.ear.totalMs > 1500);
    await hears(caller.ear, ['agent']);

    await t.test('when the call ends, then so does the listening', async () => {
      caller.hangup();
      await sw.event('CHANNEL_DESTROY', uuid);
      await sw.event('CHANNEL_DESTROY', peer);
      t.match(await sw.event('CHANNEL_HANGUP_COMPLETE', spy), {
        'Hangup-Cause': 'NORMAL_CLEARING',
      });
    });
    await caller.close();
  });

  await t.test('given three_way, then all hear each other', async () => {
    const { uuid, caller, peer, agent } = await talking(sw, callee, '13700003003');
    const { call: supervisor } = await ring(sw, callee, '', `&three_way(${peer})`);
    void supervisor.say(humming(hz.supervisor));
    await hears(caller.ear, ['agent', 'supervisor']);
    await hears(agent.ear, ['caller', 'supervisor']);
    await hears(supervisor.ear, ['caller', 'agent']);
    supervisor.session.hangup();
    await hears(caller.ear, ['agent']);
    caller.hangup();
    await sw.event('CHANNEL_DESTROY', uuid);
    await sw.event('CHANNEL_DESTROY', peer);
    await caller.close();
  });

  await t.test('given a conference of three, then all hear each other', async (t) => {
    const { uuid, caller, peer, agent } = await talking(sw, callee, '13700003004');
    const name = `room${process.pid}`;
    t.equal(await sw.esl.api(`conference ${name} list`), `-ERR Conference ${name} not found`);
    t.equal(
      await sw.esl.api(`uuid_transfer ${uuid} -both 'conference:${name}@default' inline`),
      '+OK',
    );
    const { uuid: third, call: supervisor } = await ring(
      sw,
      callee,
      '',
      `&conference(${name}@default)`,
    );
    void supervisor.say(humming(hz.supervisor));
    await hears(caller.ear, ['agent', 'supervisor']);
    await hears(agent.ear, ['caller', 'supervisor']);
    await hears(supervisor.ear, ['caller', 'agent']);
    const lines = async () => (await sw.esl.api(`conference ${name} list`)).trim().split('\n');
    const list = await lines();
    t.equal(list.length, 3);
    const idOf = (leg: string) =>
      /^\d+/.exec(list.find((line) => line.includes(leg)) ?? '')?.[0] ?? '';
    t.match(list[0], /^\d+;sofia\/internal\/[^;]+;[0-9a-f-]{36};[^;]*;[^;]*;hear\|speak/);

    const agentId = idOf(peer);
    t.equal(await sw.esl.api(`conference ${name} mute ${agentId}`), `+OK mute ${agentId}`);
    await hears(caller.ear, ['supervisor']);
    t.equal(await sw.esl.api(`conference ${name} unmute ${agentId}`), `+OK unmute ${agentId}`);
    await hears(caller.ear, ['agent', 'supervisor']);
    t.match(await sw.esl.api(`conference ${name} kick 99`), /^-ERR/);
    t.equal(
      await sw.esl.api(`conference ${name} kick ${idOf(third)}`),
      `+OK kicked ${idOf(third)}`,
    );
    t.match(await sw.event('CHANNEL_HANGUP_COMPLETE', third), {
      'Hangup-Cause': 'NORMAL_CLEARING',
    });
    await hears(caller.ear, ['agent']);
    t.equal((await lines()).length, 2);
    await sw.esl.api(`conference ${name} hup all`);
    await sw.event('CHANNEL_DESTROY', uuid);
    await sw.event('CHANNEL_DESTROY', peer);
    await until(
      'the conference to end',
      async () =>
        (await sw.esl.api(`conference ${name} list`)) === `-ERR Conference ${name} not found`,
    );
    await caller.close();
  });
});

void t.test('what becomes of a leg when its partner leaves', async (t) => {
  const sw = await startSwitch();
  const callee = await openCallee('answer');
  t.teardown(async () => {
    await callee.close();
    await sw.close();
  });

  for (const who of ['caller', 'agent'] as const) {
    await t.test(`given uuid_bridge, when the ${who} hangs up, then both end`, async (t) => {
      const { uuid, caller, peer, agent } = await talking(
        sw,
        callee,
        who === 'caller' ? '13700003010' : '13700003011',
      );
      if (who === 'caller') caller.hangup();
      else agent.session.hangup();
      const other = who === 'caller' ? peer : uuid;
      t.match(await sw.event('CHANNEL_HANGUP_COMPLETE', other), {
        'Hangup-Cause': 'NORMAL_CLEARING',
      });
      await sw.event('CHANNEL_DESTROY', uuid);
      await sw.event('CHANNEL_DESTROY', peer);
      await caller.close();
    });

    await t.test(
      `given park_after_bridge, when the ${who} hangs up, then the other waits`,
      async (t) => {
        const { uuid, caller, peer, agent } = await talking(
          sw,
          callee,
          who === 'caller' ? '13700003020' : '13700003021',
          ',park_after_bridge=true',
        );
        await sw.esl.api(`uuid_setvar ${uuid} park_after_bridge true`);
        const left = who === 'caller' ? peer : uuid;
        const parks = () => sw.namesOf(left).filter((name) => name === 'CHANNEL_PARK').length;
        const before = parks();
        if (who === 'caller') caller.hangup();
        else agent.session.hangup();
        await until('the other to be parked', () => parks() > before);
        t.equal(await sw.esl.api(`uuid_exists ${left}`), 'true');
        await sw.esl.api(`uuid_kill ${left}`);
        await sw.event('CHANNEL_DESTROY', uuid);
        await sw.event('CHANNEL_DESTROY', peer);
        await caller.close();
      },
    );
  }

  await t.test('given a transfer of one, then it goes and the other waits or ends', async (t) => {
    const { uuid, caller, peer } = await talking(
      sw,
      callee,
      '13700003312',
      ',park_after_bridge=true',
    );
    const tone = sw.tone('moved', 800, 8000);
    t.equal(await sw.esl.api(`uuid_transfer ${uuid} 'playback:${tone},park:' inline`), '+OK');
    await sw.event('CHANNEL_UNBRIDGE', uuid);
    await sw.event('PLAYBACK_START', uuid);
    await until('the caller to hear it', () => caller.ear.toneShare(800, 400) > 0.5);
    await until(
      'the agent to be parked',
      () => sw.namesOf(peer).filter((name) => name === 'CHANNEL_PARK').length === 2,
    );
    t.equal(await sw.esl.api(`uuid_bridge ${uuid} ${peer}`), `+OK ${peer}`, 'and back');
    await hears(caller.ear, ['agent']);
    t.equal(
      await sw.esl.api(`uuid_transfer ${uuid} -bleg 'hangup:USER_BUSY' inline`),
      '+OK',
      'the partner alone',
    );
    t.match(await sw.event('CHANNEL_HANGUP_COMPLETE', peer), { 'Hangup-Cause': 'USER_BUSY' });
    await until(
      'the caller to go on behind the file that the talk broke off',
      () => sw.namesOf(uuid).filter((name) => name === 'CHANNEL_PARK').length === 2,
    );
    caller.hangup();
    await sw.event('CHANNEL_DESTROY', uuid);
    await caller.close();
  });

  await t.test('given a leg that hears a file for ever, then a bridge ends that', async () => {
    const { uuid, caller } = await incoming(sw, '13700003318');
    const { uuid: peer, call: agent } = await ring(sw, callee, ',park_after_bridge=true');
    const file = sw.tone('ringing', 1800, 1000);
    const place = `'endless_playback:${file},park:'`;
    await sw.esl.api(`uuid_transfer ${peer} ${place} inline`);
    await until('the file', () => agent.ear.toneShare(1800, 400) > 0.8);
    t.equal(await sw.esl.api(`uuid_bridge ${uuid} ${peer}`), `+OK ${peer}`);
    void caller.say(humming(hz.caller));
    await hears(agent.ear, ['caller']);
    await until('the file to end', () => agent.ear.toneShare(1800, 400) < 0.05);
    caller.hangup();
    await until(
      'the agent to be parked',
      () => sw.namesOf(peer).filter((name) => name === 'CHANNEL_PARK').length === 2,
    );
    await sw.esl.api(`uuid_kill ${peer}`);
    await sw.event('CHANNEL_DESTROY', peer);
    await caller.close();
  });

  // FreeSWITCH 1.10.12 plays silence for a file named by the variable; see docs/protocol/differences.md.
  const skip = isFreeswitch ? 'plays the music of the profile alone' : false;
  await t.test('given a held leg, then its partner hears its hold_music', { skip }, async (t) => {
    const { uuid, caller, peer, agent } = await talking(sw, callee, '13700003313');
    const music = sw.tone('music', 1800, 3000);
    await sw.esl.api(`uuid_setvar ${peer} hold_music ${music}`);
    t.equal(await sw.esl.api(`uuid_hold ${peer}`), '+OK Success');
    await sw.event('CHANNEL_HOLD', peer);
    t.match(await sw.event('PLAYBACK_START', uuid), { 'Playback-File-Path': music });
    await until('the music', () => caller.ear.toneShare(1800, 400) > 0.8);
    await until('the offer', () => agent.reoffers.some((sdp) => sdp.includes('a=sendonly')));
    t.equal(await sw.esl.api(`uuid_hold off ${peer}`), '+OK Success');
    await sw.event('CHANNEL_UNHOLD', peer);
    t.match(await sw.event('PLAYBACK_STOP', uuid), { 'Playback-Status': 'break' });
    await hears(caller.ear, ['agent']);
    await hears(agent.ear, ['caller']);
    caller.hangup();
    await sw.event('CHANNEL_DESTROY', peer);
    await caller.close();
  });

  for (const place of [undefined, 'park:inline']) {
    await t.test(
      `given a leg that hangs up while it holds, then its partner ${place === undefined ? 'ends too' : 'goes where it was told'}`,
      async (t) => {
        const { uuid, caller, peer, agent } = await talking(
          sw,
          callee,
          place === undefined ? '13700003321' : '13700003322',
        );
        await sw.esl.api(`uuid_setvar ${uuid} park_after_bridge ${place === undefined}`);
        if (place !== undefined) {
          await sw.esl.api(`uuid_setvar ${peer} hold_hangup_xfer_exten ${place}`);
        }
        await sw.esl.api(`uuid_hold ${peer}`);
        await sw.event('CHANNEL_HOLD', peer);
        await until('the offer', () => agent.reoffers.length > 0);
        agent.session.hangup();
        if (place === undefined) await sw.event('CHANNEL_HANGUP_COMPLETE', uuid);
        else {
          await until(
            'the caller to be parked',
            () => sw.namesOf(uuid).filter((name) => name === 'CHANNEL_PARK').length === 2,
          );
          t.equal(await sw.esl.api(`uuid_exists ${uuid}`), 'true');
          caller.hangup();
        }
        await sw.event('CHANNEL_DESTROY', uuid);
        await caller.close();
      },
    );
  }

  await t.test('given uuid_displace with mux, then one side hears a file besides', async (t) => {
    const { uuid, caller, peer, agent } = await talking(sw, callee, '13700003316');
    const file = sw.tone('beside', 1800, 20_000);
    t.equal(await sw.esl.api(`uuid_displace ${uuid} start ${file} 0 mux`), '+OK Success');
    await until('both', () => {
      const share = (tone: number) => caller.ear.toneShare(tone, 400);
      return share(1800) > 0.1 && share(hz.agent) > 0.1;
    });
    t.ok(agent.ear.toneShare(1800, 400) < 0.01, 'the agent does not');
    t.equal(await sw.esl.api(`uuid_displace ${uuid} stop ${file}`), '+OK Success');
    await until('the agent alone', () => caller.ear.toneShare(hz.agent, 400) > 0.9);
    caller.hangup();
    await sw.event('CHANNEL_DESTROY', peer);
    await caller.close();
  });

  await t.test('given uuid_dual_transfer, then each goes its way', async (t) => {
    const { uuid, caller, peer } = await talking(sw, callee, '13700003317');
    t.equal(
      await sw.esl.api(`uuid_dual_transfer ${uuid} park:/inline hangup:USER_BUSY/inline`),
      '+OK',
    );
    await until(
      'the caller to be parked',
      () => sw.namesOf(uuid).filter((name) => name === 'CHANNEL_PARK').length === 2,
    );
    t.match(await sw.event('CHANNEL_HANGUP_COMPLETE', peer), { 'Hangup-Cause': 'USER_BUSY' });
    caller.hangup();
    await sw.event('CHANNEL_DESTROY', uuid);
    await caller.close();
  });

  await t.test('given keys in a talk, then each is told, and heard by the partner', async (t) => {
    const { uuid, caller, peer, agent } = await talking(sw, callee, '13700003314');
    const keys: string[] = [];
    agent.audio.onDigit = (digit) => keys.push(digit);
    await caller.press('5#');
    await until('both keys', () => keys.length >= 2);
    t.same(keys, ['5', '#']);
    t.match(await sw.event('DTMF', uuid), { 'DTMF-Digit': '5' });
    caller.hangup();
    await sw.event('CHANNEL_DESTROY', peer);
    await caller.close();
  });

  await t.test(
    'given a stereo recording of a talk, then a mask keeps words out of it',
    async (t) => {
      const { uuid, caller, peer } = await talking(sw, callee, '13700003315');
      const file = path.join(sw.dir, 'talk.wav');
      await sw.esl.api(`uuid_setvar ${uuid} RECORD_STEREO true`);
      t.equal(await sw.esl.api(`uuid_record ${uuid} start ${file}`), '+OK Success');
      const passed = (ms: number) => {
        const from = caller.ear.totalMs;
        return until('time to pass', () => caller.ear.totalMs >= from + ms);
      };
      await passed(2000);
      t.equal(await sw.esl.api(`uuid_record ${uuid} mask ${file}`), '+OK Success');
      await passed(2000);
      t.equal(await sw.esl.api(`uuid_record ${uuid} unmask ${file}`), '+OK Success');
      await passed(2000);
      t.equal(await sw.esl.api(`uuid_record ${uuid} stop ${file}`), '+OK Success');
      await sw.event('RECORD_STOP', uuid);
      const [left, right] = stereo(file);
      const part = (samples: Int16Array, fromMs: number, toMs: number) =>
        samples.subarray(fromMs * 8, toMs * 8);
      t.ok(isMostly(part(left, 500, 1700), hz.caller), 'the caller is on the left');
      t.ok(isMostly(part(right, 500, 1700), hz.agent), 'the agent is on the right');
      t.ok(loudness(part(left, 2500, 3700)) < 20, 'masked on the left');
      t.ok(loudness(part(right, 2500, 3700)) < 20, 'masked on the right');
      t.ok(isMostly(part(left, 4700, 5700), hz.caller), 'and on again');
      t.ok(isMostly(part(right, 4700, 5700), hz.agent));
      await hears(caller.ear, ['agent']);
      caller.hangup();
      await sw.event('CHANNEL_DESTROY', peer);
      await caller.close();
    },
  );
});

/** Both channels of a plain WAV file of 16 bit. */
function stereo(file: string): [Int16Array, Int16Array] {
  const bytes = readFileSync(file);
  const from = bytes.indexOf('data') + 8;
  const frames = Math.floor((bytes.length - from) / 4);
  const side = (offset: number) =>
    Int16Array.from({ length: frames }, (_, at) => bytes.readInt16LE(from + at * 4 + offset));
  return [side(0), side(2)];
}

/** Whether most of its tenths of a second are the tone: a busy machine leaves gaps, which end its phase. */
function isMostly(samples: Int16Array, tone: number): boolean {
  const tenths = Array.from({ length: Math.floor(samples.length / 800) }, (_, at) =>
    samples.subarray(at * 800, (at + 1) * 800),
  );
  return tenths.filter((tenth) => toneShare(tenth, tone) > 0.9).length > tenths.length / 2;
}

function loudness(samples: Int16Array): number {
  return samples.reduce((sum, one) => sum + Math.abs(one), 0) / samples.length;
}
