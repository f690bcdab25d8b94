import t from 'tap';
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { stayAtThePhone } from '../../scripts/phone/at-the-phone.ts';
import { toneShare } from '../../scripts/phone/ear.ts';
import { parseScript } from '../../scripts/phone/script.ts';
import { speechLike, speechLikeSamples } from '../../scripts/phone/voice.ts';
import { until } from '../support/until.ts';
import { decodeWav } from '../../src/switch/rtp/index.ts';
import { codecs } from '../../src/switch/rtp/g711.ts';
import { dialWithBaresip } from '../support/baresip.ts';
import { call, newestRecordingBytes, ordersOf, recordingFiles, says } from '../support/calls.ts';
import { isHolidayThere, launch, noonZone } from '../support/campaigns.ts';
import { addHomes } from '../support/homes.ts';
import { likeness } from '../support/hearing.ts';
import { startService } from '../support/service.ts';
import { isFreeswitch } from '../support/switch.ts';

interface Ended {
  code: number;
  output: string;
}

function run(file: string, args: string[], cwd: string): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(file, args, { cwd, timeout: 60_000 }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 127;
      resolve({ code, output: stdout + stderr });
    });
  });
}

/** `@KEY 2@` in the scenario stands for a SIP INFO with that key. */
function scenario(): string {
  const xml = readFileSync(path.join(import.meta.dirname, '../fixtures/sipp-repair.xml'), 'utf8');
  let sequence = 1;
  return xml.replaceAll(/@KEY (.)@/g, (_, key: string) => {
    sequence += 1;
    return `<send retrans="500"><![CDATA[
      INFO [next_url] SIP/2.0
      Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
      From: "sipp" <sip:13712349999@[local_ip]:[local_port]>;tag=[call_number]
      To: <sip:[service]@[remote_ip]:[remote_port]>[peer_tag_param]
      Call-ID: [call_id]
      CSeq: ${sequence} INFO
      Max-Forwards: 70
      Content-Type: application/dtmf-relay
      Content-Length: [len]

      Signal=${key}
      Duration=160
    ]]></send><recv response="200"/>`;
  });
}

const has = async (file: string, flag: string, sign: string) =>
  (await run(file, [flag], tmpdir())).output.includes(sign);
const noSipp = (await has('sipp', '-v', 'SIPp'))
  ? false
  : 'sipp is not installed (Debian: sip-tester)';
const noBaresip = (await has('baresip', '-h', 'baresip'))
  ? false
  : 'baresip is not installed (Debian: baresip-core)';

void t.test('phones that we did not write, and those of the demo', async (t) => {
  // The demo's own trunk is the embedded switch's.
  const service = await startService(isFreeswitch ? {} : { DEMO_TRUNK: 'true' });
  const folder = mkdtempSync(path.join(tmpdir(), 'sipp-'));
  t.teardown(async () => {
    rmSync(folder, { recursive: true, force: true });
    await service.stop();
  });
  const source = speechLike(3000);
  const voice: Uint8Array[] = [];
  for (let frame = source.next(); frame !== undefined; frame = source.next()) {
    const packet = new Uint8Array(frame.length);
    codecs.PCMA.encode(frame, packet, 0);
    voice.push(packet);
  }
  writeFileSync(path.join(folder, 'voice.raw'), Buffer.concat(voice));
  writeFileSync(path.join(folder, 'repair.xml'), scenario());

  for (const transport of ['u1', 't1'] as const) {
    await t.test(
      `given sipp over ${transport}, then the repair is made with its voice`,
      { skip: noSipp },
      async (t) => {
        const before = (await ordersOf(service, '13712349999')).length;
        const ended = await run(
          'sipp',
          [
            ...['-sf', 'repair.xml', '-s', '4000', '-m', '1', '-t', transport, '-i', '127.0.0.1'],
            ...['-nostdin', '-timeout', '50s', '-trace_err', `127.0.0.1:${service.sipPort}`],
          ],
          folder,
        );
        t.equal(ended.code, 0, 'the scenario went through');
        if (ended.code !== 0) t.comment(ended.output.slice(-1500));
        const orders = await until('the order', async () => {
          const found = await ordersOf(service, '13712349999');
          return found.length > before && found;
        });
        t.match(orders[0], { kind: 'repair', category: 'gas' });
        const token = await service.token();
        const id = orders[0]?.recordings[0]?.id ?? '';
        const audio = await service.api(`/recordings/${id}/audio`, { token });
        const samples = decodeWav(Buffer.from(await audio.arrayBuffer()));
        t.ok(
          toneShare(samples.subarray(8000, 16_000), 1000) > 0.4,
          'its voice is in the recording',
        );
      },
    );
  }

  for (const transport of ['udp', 'tcp'] as const) {
    await t.test(
      `given baresip over ${transport}, then the repair is made with its voice and it hears the number`,
      { skip: noBaresip },
      async (t) => {
        const from = transport === 'udp' ? '13712348881' : '13712348882';
        const phone = await dialWithBaresip({
          from,
          number: '4000',
          sipPort: service.sipPort,
          transport,
          voice: speechLikeSamples(120_000),
        });
        t.teardown(() => phone.close());
        const recorded = recordingFiles(service).length;
        await phone.press('23');
        await until('the recorder', () => recordingFiles(service).length > recorded);
        // So much of its voice, as the file itself tells: a header of 44 bytes, then 16,000 a second.
        await until('its voice', () => newestRecordingBytes(service) > 44 + 2 * 16_000);
        await phone.press('#');
        const [order] = await until('the order', async () => {
          const found = await ordersOf(service, from);
          return found.length > 0 && found;
        });
        t.match(order, { kind: 'repair', category: 'gas' });
        const token = await service.token();
        const id = order?.recordings[0]?.id ?? '';
        // The order is there at once, its recording when the file is closed.
        const audio = await until('its recording', async () => {
          const reply = await service.api(`/recordings/${id}/audio`, { token });
          return reply.ok && reply;
        });
        const samples = decodeWav(Buffer.from(await audio.arrayBuffer()));
        t.ok(
          toneShare(samples.subarray(4000, 12_000), 1000) > 0.4,
          'its voice is in the recording',
        );
        const spoken = await says(service, '重听请按1，返回主菜单请按星号键。');
        await until('the end of the announcement', () => likeness(phone.heard(), spoken) > 0.9, {
          timeoutMs: 60_000,
          everyMs: 1000,
        });
      },
    );
  }

  await t.test(
    'given a demo without a carrier, then its campaigns ring the test telephones, and nobody else',
    { skip: isFreeswitch && 'the demo has a trunk of its own on the embedded switch alone' },
    async (t) => {
      const { db } = service.database;
      const health = (await (await service.api('/health')).json()) as { outsideCalls: string };
      t.equal(health.outsideCalls, 'test_telephones', 'health says where calls go');
      const zone = noonZone();
      await db.updateTable('estate').set({ timeZone: zone }).execute();
      const [owner, busy, nobody] = ['13820000001', '13820000002', '13820000003'];
      const rooms = await addHomes(
        db,
        [owner, busy, nobody].map((number, at) => ({
          ...{ building: '95', room: `10${at}`, numbers: [number], owedFen: 12_300 },
        })),
      );
      const told: string[] = [];
      const leaving = new AbortController();
      const sit = (answer: string, habit: 'auto' | 'busy', calls: number) =>
        stayAtThePhone(
          {
            ...{
              answer,
              habit,
              calls,
              from: '13800000001',
              cues: parseScript('wait=4,!1,wait=5,!1'),
              record: undefined,
            },
            api: `http://127.0.0.1:${service.httpPort}`,
            host: '127.0.0.1',
            port: service.sipPort,
            tell: (what) => told.push(what),
          },
          leaving.signal,
        );
      const away = [sit(owner, 'auto', 1), sit(busy, 'busy', 1)];
      t.teardown(() => leaving.abort());
      await until('both to be registered', () => told.length === 2);
      t.match(told, [/rings when 138/, /rings when 138/]);
      const id = await launch(service, {
        name: '物业费提醒',
        kind: 'arrears',
        // Debts are not spoken of on public holidays, so that then it is a notice.
        ...(isHolidayThere(zone) ? { kind: 'notice' } : {}),
        settings: {
          audience: { roomIds: rooms },
          ...(isHolidayThere(zone)
            ? { script: { flowId: 'campaign-notice', texts: {}, isHumanVoice: false } }
            : {}),
          ringSec: 15,
        },
      });
      const refused = await service.api(`/campaigns/${id}/start`, {
        ...{ token: await service.token('supervisor'), method: 'POST' },
        body: { expectedHomes: 99 },
      });
      t.match(
        [refused.status, await refused.json()],
        [409, { code: 'campaign.audience_changed' }],
        'who expects another number of homes starts nothing',
      );
      const results = () =>
        db
          .selectFrom('attempt')
          .select(['number', 'result', 'state'])
          .where('campaignId', '=', id)
          .execute();
      const ended = await until(
        'three results',
        async () => {
          const rows = await results();
          return rows.length === 3 && rows.every(({ state }) => state === 'ended') && rows;
        },
        { timeoutMs: 120_000, everyMs: 200 },
      );
      t.same(
        Object.fromEntries(ended.map(({ number, result }) => [number, result])),
        { [owner]: 'confirmed', [busy]: 'busy', [nobody]: 'no_answer' },
        told.join('\n'),
      );
      await Promise.all(away);
      t.match(told.join('\n'), /13820000001: rings, called by 4000/, 'who calls is shown');
      const seconds = Number(/13820000001: over; heard ([\d.]+) s/.exec(told.join('\n'))?.[1]);
      t.ok(seconds > 5, `the amount was heard: ${seconds} s of sound`);
      const progress = (await (
        await service.api(`/campaigns/${id}/progress`, { token: await service.token() })
      ).json()) as { results: object };
      t.match(progress.results, { confirmed: 1 }, 'and stands on the page');
      // Whoever answers every number is the duty telephone, too.
      const duty = sit('any', 'auto', 1);
      await until('it to be registered', () => told.some((one) => one.includes('every number')));
      const caller = await call(service, '13820000009', '!9,1', '4000');
      await until(
        'the duty telephone to ring',
        () => told.some((one) => /: rings.*/.test(one) && one.includes('02155550119')),
        { timeoutMs: 60_000 },
      );
      await caller.close();
      await duty;
    },
  );
});
