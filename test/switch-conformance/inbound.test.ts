import { readFileSync } from 'node:fs';
import path from 'node:path';
import t from 'tap';
import { dial } from '../../scripts/phone/caller.ts';
import { toneShare } from '../../scripts/phone/ear.ts';
import { speechLike } from '../../scripts/phone/voice.ts';
import { until } from '../support/until.ts';
import { decodeWav } from '../../src/switch/rtp/index.ts';
import { incoming, parked } from '../support/parked.ts';
import { isFreeswitch, startSwitch } from '../support/switch.ts';

void t.test('a call that comes in', async (t) => {
  const sw = await startSwitch();
  t.teardown(() => sw.close());
  const beep = sw.tone('beep', 700, 400);
  const long = sw.tone('long', 900, 10_000);

  await t.test('given a hotline number, then it is parked, and its facts are told', async (t) => {
    const caller = dial({
      number: '4000',
      from: '13700000001',
      host: '127.0.0.1',
      port: sw.sipPort,
    });
    const uuid = await parked(sw, '13700000001');
    const park = await sw.event('CHANNEL_PARK', uuid);
    t.match(park, {
      'Call-Direction': 'inbound',
      'Caller-Destination-Number': '4000',
      'Caller-Caller-ID-Number': '13700000001',
      'Channel-State': 'CS_EXECUTE',
      'Answer-State': 'answered',
      variable_lt_did: '4000',
    });
    t.ok(Number(park['Caller-Channel-Created-Time']) > 1.6e15, 'microseconds');
    t.ok(Number(park['Event-Sequence']) > 0);
    // The dialplan has answered; once more does no harm.
    t.match(await sw.run(uuid, 'answer'), { Application: 'answer', 'Answer-State': 'answered' });
    const answered = await caller;
    t.equal(await sw.esl.api(`uuid_exists ${uuid}`), 'true');
    t.equal(await sw.esl.api(`uuid_kill ${uuid} USER_BUSY`), '+OK');
    await answered.ended(5000);
    const complete = await sw.event('CHANNEL_HANGUP_COMPLETE', uuid);
    t.equal(complete['Hangup-Cause'], 'USER_BUSY');
    await sw.event('CHANNEL_DESTROY', uuid);
    t.equal(await sw.esl.api(`uuid_exists ${uuid}`), 'false');
    const names = sw.namesOf(uuid).filter((name) => name !== 'CHANNEL_EXECUTE_COMPLETE');
    t.same(
      names,
      [
        'CHANNEL_CREATE',
        'CHANNEL_ANSWER',
        'CHANNEL_PARK',
        'CHANNEL_HANGUP',
        'CHANNEL_UNPARK',
        'CHANNEL_HANGUP_COMPLETE',
        'CHANNEL_DESTROY',
      ],
      'in this order',
    );
    const applications = sw.events
      .filter((one) => one['Unique-ID'] === uuid && one['Application'] !== undefined)
      .map((one) => one['Application'])
      // The embedded switch has no fax.
      .filter((one) => one !== 'spandsp_start_fax_detect');
    t.same(
      applications,
      ['multiset', 'answer', 'sched_transfer', 'answer', 'park'],
      'the dialplan',
    );
    await answered.close();
  });

  await t.test(
    'given a caller who leaves while a file plays, then the cause is theirs',
    async (t) => {
      const { uuid, caller } = await incoming(sw, '13700000002');
      await sw.queue(uuid, 'playback', long);
      await sw.event('PLAYBACK_START', uuid);
      caller.hangup();
      t.match(
        await sw.event(
          'CHANNEL_EXECUTE_COMPLETE',
          uuid,
          (one) => one['Application'] === 'playback',
        ),
        // FreeSWITCH says the one or the other, by what it noticed first.
        {
          'Application-Response': isFreeswitch
            ? /^(PLAYBACK ERROR|FILE PLAYED)$/
            : 'PLAYBACK ERROR',
        },
      );
      t.match(await sw.event('CHANNEL_HANGUP_COMPLETE', uuid), {
        'Hangup-Cause': 'NORMAL_CLEARING',
      });
      await caller.close();
    },
  );

  await t.test('given files, keys and a break, then playback ends as it should', async (t) => {
    const { uuid, caller } = await incoming(sw, '13700000004');
    t.match(await sw.run(uuid, 'playback', beep), { 'Application-Response': 'FILE PLAYED' });
    await until('the caller to hear it', () => caller.ear.toneShare(700, 600) > 0.3);
    t.match(await sw.run(uuid, 'playback', `file_string://${beep}!${beep}`), {
      'Application-Response': 'FILE PLAYED',
    });
    t.match(await sw.run(uuid, 'playback', path.join(sw.dir, 'none.wav')), {
      'Application-Response': 'FILE NOT FOUND',
    });
    // A key breaks a playback that names it, and tells which.
    await sw.run(uuid, 'set', 'playback_terminators=any');
    const broken = sw.run(uuid, 'playback', long);
    await until('sound', () => caller.ear.toneShare(900, 300) > 0.3);
    await caller.press('5');
    t.match(await broken, {
      'Application-Response': 'FILE PLAYED',
      variable_playback_terminator_used: '5',
    });
    t.match(await sw.event('DTMF', uuid), { 'DTMF-Digit': '5', 'DTMF-Source': 'RTP' });
    await sw.run(uuid, 'set', 'playback_terminators=none');
    const stopped = sw.run(uuid, 'playback', long);
    await until(
      'a second file',
      () => sw.namesOf(uuid).filter((one) => one === 'PLAYBACK_START').length >= 4,
    );
    await sw.queue(uuid, 'set', 'queued=yes');
    t.equal(await sw.esl.api(`uuid_break ${uuid} all`), '+OK');
    t.match(await stopped, { 'Application-Response': 'FILE PLAYED' });
    await sw.run(uuid, 'set', 'behind=yes');
    t.equal(await sw.esl.api(`uuid_getvar ${uuid} behind`), 'yes');
    t.equal(await sw.esl.api(`uuid_getvar ${uuid} queued`), '_undef_', 'dropped, not delayed');

    sw.tone('for ever', 1800, 1000);
    await sw.esl.api(`global_setvar test_dir=${sw.dir}`);
    const parks = () => sw.namesOf(uuid).filter((name) => name === 'CHANNEL_PARK').length;
    const before = parks();
    const place = 'endless_playback:${test_dir}/for ever.wav,park:';
    t.equal(await sw.esl.api(`uuid_transfer ${uuid} '${place}' inline`), '+OK');
    await until('the sound', () => caller.ear.toneShare(1800, 400) > 0.8);
    await sw.esl.api(`uuid_break ${uuid} all`);
    const heardMs = caller.ear.totalMs;
    await until('it to go on', () => caller.ear.totalMs > heardMs + 1500);
    t.ok(caller.ear.toneShare(1800, 400) > 0.8, 'a break does not end it');
    t.equal(await sw.esl.api(`uuid_transfer ${uuid} park inline`), '+OK', 'a move does');
    await until('the leg to be parked', () => parks() > before);
    caller.hangup();
    await sw.event('CHANNEL_DESTROY', uuid);
    await caller.close();
  });

  await t.test('given keys, then play_and_get_digits takes what it was told to', async (t) => {
    const { uuid, caller } = await incoming(sw, '13700000005');
    const ask = (min: number, max: number, ms: number, terminator: string, between: number) =>
      sw.run(
        uuid,
        'play_and_get_digits',
        `${min} ${max} 1 ${ms} ${terminator} '${long}' silence_stream://10 got [0-9*#]+ ${between}`,
      );
    const one = ask(1, 1, 3000, 'none', 3000);
    await until('the prompt', () => caller.ear.toneShare(900, 300) > 0.3);
    await caller.press('7');
    t.match(await one, { variable_got: '7', variable_read_result: 'success' });
    // Keys while parked go nowhere, but are told.
    await caller.press('2468#');
    await until('five keys', () => sw.namesOf(uuid).filter((name) => name === 'DTMF').length >= 6);
    const none = await sw.run(
      uuid,
      'play_and_get_digits',
      `1 1 1 300 none '${beep}' silence_stream://10 nothing [0-9]+ 300`,
    );
    t.match(none, { variable_read_result: 'failure' });
    t.equal(none['variable_nothing'] ?? '', '');
    // A star where only digits fit.
    const wrong = sw.run(
      uuid,
      'play_and_get_digits',
      `1 1 1 2000 none '${long}' silence_stream://10 wrong [0-9] 500`,
    );
    await until('the prompt', () => caller.ear.toneShare(900, 200) > 0.3);
    await caller.press('*');
    const refused = await wrong;
    t.equal(refused['variable_wrong'] ?? '', '', 'what does not fit is not stored');
    caller.hangup();
    await sw.event('CHANNEL_DESTROY', uuid);
    await caller.close();
  });

  await t.test(
    'given a spoken message, then the file holds it, ended by key or silence',
    async (t) => {
      const { uuid, caller } = await incoming(sw, '13700000006');
      const file = path.join(sw.dir, '留言 1.wav');
      await sw.run(uuid, 'set', 'playback_terminators=#');
      const recording = sw.run(uuid, 'record', `'${file}' 30 200 3`);
      await sw.event('RECORD_START', uuid);
      await caller.say(speechLike(2000, 1000));
      await caller.press('#');
      const done = await recording;
      t.match(done, { variable_playback_terminator_used: '#' });
      t.ok(Number(done['variable_record_ms']) > 1500, 'its length is told');
      const samples = decodeWav(readFileSync(file));
      t.ok(toneShare(samples.subarray(4000, 12_000), 1000) > 0.4, 'what was spoken');
      t.match(await sw.event('RECORD_STOP', uuid), { 'Record-File-Path': file });
      const silent = path.join(sw.dir, 'silent.wav');
      const second = sw.run(uuid, 'record', `'${silent}' 30 200 1`);
      await caller.say(speechLike(1000, 1000));
      t.equal((await second)['Application'], 'record', 'silence ends it');
      caller.hangup();
      await sw.event('CHANNEL_DESTROY', uuid);
      await caller.close();
    },
  );

  await t.test('given a session recording, then masked time is silence', async (t) => {
    const { uuid, caller } = await incoming(sw, '13700000007');
    const file = path.join(sw.dir, 'masked.wav');
    t.equal(await sw.esl.api(`uuid_record ${uuid} start ${file}`), '+OK Success');
    await sw.event('RECORD_START', uuid);
    await caller.say(speechLike(1000, 1000));
    t.equal(await sw.esl.api(`uuid_record ${uuid} mask ${file}`), '+OK Success');
    await caller.say(speechLike(2000, 1000));
    t.equal(await sw.esl.api(`uuid_record ${uuid} unmask ${file}`), '+OK Success');
    await caller.say(speechLike(1000, 1000));
    t.equal(await sw.esl.api(`uuid_record ${uuid} stop ${file}`), '+OK Success');
    await sw.event('RECORD_STOP', uuid);
    const samples = decodeWav(readFileSync(file));
    t.ok(samples.length > 3 * 8000, `time goes on (${samples.length / 8} ms)`);
    const loud = (from: number) =>
      toneShare(samples.subarray(from * 8, (from + 300) * 8), 1000) > 0.3;
    t.ok(loud(200), 'heard before');
    t.ok(loud(samples.length / 8 - 500), 'heard after');
    // Where in the file they fall depends on how evenly the machine runs.
    t.ok(longestSilenceMs(samples) > 1500, 'nothing of the masked words');
    t.equal(
      await sw.esl.api(`uuid_record ${uuid} stop ${file}`),
      '-ERR Cannot stop record session!',
    );
    caller.hangup();
    await sw.event('CHANNEL_DESTROY', uuid);
    await caller.close();
  });

  await t.test('given odd text in variables, then it comes back byte for byte', async (t) => {
    const { uuid, caller } = await incoming(sw, '13700000008');
    for (const text of [
      '王建国，3栋2单元1201',
      `it's "quoted"`,
      'a,b,c',
      'a=b;c|d',
      '100%25 of ${dollars}',
      '{"json":[1,2]}',
    ]) {
      await sw.run(uuid, 'set', `lt_text=${text}`);
      const expected = text.includes('${') ? undefined : text;
      const got = await sw.esl.api(`uuid_getvar ${uuid} lt_text`);
      if (expected !== undefined) t.equal(got, expected);
      const dump = JSON.parse(await sw.esl.api(`uuid_dump ${uuid} json`)) as Record<string, string>;
      if (expected !== undefined) t.equal(dump['variable_lt_text'], expected);
    }
    t.equal(await sw.esl.api(`uuid_setvar ${uuid} lt_one 你好`), '+OK');
    t.equal(await sw.esl.api(`uuid_setvar_multi ${uuid} lt_two=2;lt_three=三`), '+OK');
    t.equal(await sw.esl.api(`uuid_getvar ${uuid} lt_three`), '三');
    t.equal(await sw.esl.api(`uuid_getvar ${uuid} lt_none`), '_undef_');
    caller.hangup();
    await sw.event('CHANNEL_DESTROY', uuid);
    await caller.close();
  });

  await t.test('given a number that is no hotline, then it is refused', async (t) => {
    await t.rejects(
      dial({ number: '00861380', from: '13700000009', host: '127.0.0.1', port: sw.sipPort }),
      /refused/,
    );
  });
});

function longestSilenceMs(samples: Int16Array): number {
  let longest = 0;
  let current = 0;
  for (const sample of samples) {
    current = Math.abs(sample) > 200 ? 0 : current + 1;
    longest = Math.max(longest, current);
  }
  return longest / 8;
}
