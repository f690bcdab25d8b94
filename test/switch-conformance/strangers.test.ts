import { randomUUID, createHash } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import t, { type Test } from 'tap';
import { dial } from '../../scripts/phone/caller.ts';
import { until } from '../support/until.ts';
import { openTrunkPhone } from '../support/callee.ts';
import { incoming, parked } from '../support/parked.ts';
import { offer, openStranger, type Headers, type Stranger } from '../support/stranger.ts';
import { isFreeswitch, startSwitch } from '../support/switch.ts';

const agent = { name: 'agent1', password: 'a-test-password' };
const ha1 = createHash('md5').update(`${agent.name}:lingting:${agent.password}`).digest('hex');
/** FreeSWITCH has a port for trunks, which it knows by their address, and one for telephones. */
const agentsPort = (sipPort: number) => Number(process.env['FREESWITCH_AGENTS'] ?? sipPort);

void t.test('attacks of strangers, trunks and telephones', async (t) => {
  const carrier = await openTrunkPhone('answer');
  const sw = await startSwitch({
    users: [{ username: agent.name, ha1 }],
    gateways: { trunk: { host: '127.0.0.1', port: carrier.port } },
    trunks: { trunk: { from: ['127.0.0.1'] } },
  });
  t.teardown(async () => {
    await carrier.close();
    await sw.close();
  });
  const domain = 'lingting';
  const at = async (t: Test, port: number, host = '127.0.0.9'): Promise<Stranger> => {
    const one = await openStranger(port, { host });
    t.teardown(() => one.close());
    return one;
  };
  /** From the address of the trunk: the call and its leg. */
  const callIn = async (trunk: Stranger, from: string, headers: Headers = {}, body?: string) => {
    const sdp = body ?? offer('127.0.0.1', 40_000);
    const sent = trunk.request(
      'INVITE',
      `sip:4000@127.0.0.1:${sw.sipPort}`,
      { From: `<sip:${from}@127.0.0.1>;tag=${randomUUID()}`, ...headers },
      sdp,
    );
    return { sent, answer: await trunk.ask(sent) };
  };

  await t.test('given a Contact that names commands or a trunk, then nothing runs', async (t) => {
    const phone = await at(t, agentsPort(sw.sipPort));
    phone.onRequest = (request) =>
      request.first === 'INVITE' ? phone.reply(request, '486 Busy Here') : undefined;
    const file = path.join(sw.dir, 'commanded');
    const here = `sip:${agent.name}@${phone.host}:${phone.port}`;
    const there = `100@127.0.0.1:${carrier.port}`;
    for (const contact of [
      `<${here};x=1,[origination_uuid=${randomUUID()}]loopback/app=system:touch ${file}>`,
      `<${here};x=1,sofia/gateway/trunk/0100>`,
      `<${here};x=1|sofia/gateway/trunk/0100>`,
      `<${here};fs_path=${encodeURIComponent(`sip:${there}`)}>`,
      `<${here};maddr=127.0.0.1;x=1>`,
      `<sip:${there}>`,
      `<sip:a,[x=1]sofia/gateway/trunk/0100@${phone.host}:${phone.port}>`,
    ]) {
      const answer = await phone.askAs(agent, 'REGISTER', `sip:${domain}`, {
        To: `<sip:${agent.name}@${domain}>`,
        Contact: contact,
        Expires: '300',
      });
      const before = phone.received.length;
      const result = await sw.job(`originate {originate_timeout=4}user/${agent.name} &park()`);
      t.match(result, /^-ERR/, `${answer.status}: ${contact}`);
      if (isFreeswitch) {
        t.equal(answer.status, 200, 'it registers, with a Contact that is not its own');
      }
      if (answer.status === 200) {
        const rung = phone.received.slice(before).filter((one) => one.first === 'INVITE');
        t.ok(rung.length > 0, 'the telephone is rung where it registered from');
      }
    }
    t.equal(existsSync(file), false, 'no command was run');
    t.equal(carrier.calls.length, 0, 'the carrier was not dialled');
  });

  await t.test('given an answer 302, then nobody else is called, and it is told', async (t) => {
    const phone = await at(t, agentsPort(sw.sipPort));
    phone.onRequest = (request) =>
      request.first === 'INVITE'
        ? phone.reply(request, '302 Moved Temporarily', {
            Contact: `<sip:100@127.0.0.1:${carrier.port}>`,
          })
        : undefined;
    for (const variables of ['', '{outbound_redirect_fatal=true}']) {
      const result = await sw.job(
        `originate ${variables}sofia/internal/1@${phone.host}:${phone.port} &park()`,
      );
      t.equal(result, '-ERR REQUESTED_CHAN_UNAVAIL');
    }
    t.equal(carrier.calls.length, 0);
  });

  await t.test(
    'given hundreds of INVITEs without a password, then callers are answered',
    async (t) => {
      const strangers = await Promise.all(
        ['127.0.0.9', '127.0.0.10', '127.0.0.11'].map((host) =>
          at(t, agentsPort(sw.sipPort), host),
        ),
      );
      let sent = 0;
      // 300 a second.
      const flood = setInterval(() => {
        for (const one of strangers) {
          const uri = `sip:1${(sent += 1)}@127.0.0.1`;
          one.send(one.request('INVITE', uri, {}, offer(one.host, 40_000)).text);
        }
      }, 10);
      await until('the flood', () => sent > 100);
      const answered = await Promise.allSettled(
        Array.from({ length: 10 }, async (_, number) => {
          // Over four seconds: the first ones come before any limit takes hold.
          await until('its turn', () => sent > 100 + 120 * number);
          return dial({
            number: '4000',
            from: `1370000200${number}`,
            host: '127.0.0.1',
            port: sw.sipPort,
          });
        }),
      );
      clearInterval(flood);
      t.same(
        answered.map((one) => (one.status === 'fulfilled' ? 'answered' : String(one.reason))),
        Array.from({ length: 10 }, () => 'answered'),
      );
      for (const one of answered) {
        if (one.status !== 'fulfilled') continue;
        one.value.hangup();
        await one.value.close();
      }
    },
  );

  await t.test(
    'given a caller whose address is no trunk, then no call',
    { skip: isFreeswitch ? false : 'anybody may dial a hotline of the embedded switch' },
    async (t) => {
      const stranger = await at(t, sw.sipPort);
      const { answer } = await callIn(stranger, '13800000001');
      t.equal(answer.status, 403);
    },
  );

  await t.test(
    'given packets before the first of the caller, then no sound goes there',
    { skip: isFreeswitch ? false : 'the embedded switch still learns from the first packet' },
    async (t) => {
      const trunk = await at(t, sw.sipPort, '127.0.0.1');
      const ear = createSocket('udp4');
      const thief = createSocket('udp4');
      const heard = { ear: 0, thief: 0 };
      ear.on('message', () => (heard.ear += 1));
      thief.on('message', () => (heard.thief += 1));
      await new Promise<void>((resolve) => ear.bind(0, '127.0.0.1', resolve));
      await new Promise<void>((resolve) => thief.bind(0, '127.0.0.9', resolve));
      t.teardown(() => {
        ear.close();
        thief.close();
      });
      const { sent, answer } = await callIn(
        trunk,
        '13700003001',
        {},
        offer('127.0.0.1', ear.address().port),
      );
      t.equal(answer.status, 200);
      acknowledge(trunk, sent.text, answer.header('To'));
      const port = Number(/m=audio (\d+)/.exec(answer.body)?.[1]);
      const uuid = await parked(sw, '13700003001');
      await sw.esl.api(`sched_del ${uuid}`);
      let number = 0;
      const theft = setInterval(() => thief.send(rtp((number += 1)), port, '127.0.0.1'), 20);
      await until('its packets', () => number > 25);
      await sw.run(uuid, 'playback', sw.tone('theft', 800, 1000));
      clearInterval(theft);
      t.ok(heard.ear > 30, `the caller hears it (${heard.ear})`);
      t.equal(heard.thief, 0, 'and nobody else');
      await sw.esl.api(`uuid_kill ${uuid}`);
    },
  );

  await t.test('given an offer with a port that is none, then others go on', async (t) => {
    const { uuid, caller } = await incoming(sw, '13700004001');
    const trunk = await at(t, sw.sipPort, '127.0.0.1');
    for (const port of ['99999', '-1', '0x50', '9'.repeat(30)]) {
      const { sent, answer } = await callIn(
        trunk,
        '13700004002',
        {},
        offer('127.0.0.1', 1).replace('audio 1', `audio ${port}`),
      );
      if (answer.status === 200) acknowledge(trunk, sent.text, answer.header('To'));
    }
    await sw.run(uuid, 'playback', sw.tone('goes-on', 800, 800));
    t.ok(caller.ear.toneShare(800, 400) > 0.3, 'it is heard');
    caller.hangup();
    await caller.close();
  });

  await t.test('given an INVITE without a description, then ours is offered', async (t) => {
    const trunk = await at(t, sw.sipPort, '127.0.0.1');
    const ear = createSocket('udp4');
    let heard = 0;
    ear.on('message', () => (heard += 1));
    await new Promise<void>((resolve) => ear.bind(0, '127.0.0.1', resolve));
    t.teardown(() => ear.close());
    const { sent, answer } = await callIn(trunk, '13700005001', {}, '');
    t.equal(answer.status, 200);
    t.match(answer.body, /^m=audio [1-9]\d* /m);
    acknowledge(trunk, sent.text, answer.header('To'), offer('127.0.0.1', ear.address().port));
    const uuid = await parked(sw, '13700005001');
    await sw.esl.api(`sched_del ${uuid}`);
    await sw.run(uuid, 'playback', sw.tone('late', 800, 600));
    t.ok(heard > 15, `sound goes where the ACK says (${heard})`);
    await sw.esl.api(`uuid_kill ${uuid}`);
  });

  await t.test(
    'given line breaks in the number of a caller, then it is no number',
    { skip: isFreeswitch ? false : 'the embedded switch still takes them' },
    async (t) => {
      const trunk = await at(t, sw.sipPort, '127.0.0.1');
      const before = sw.events.length;
      const { answer } = await callIn(trunk, '13700006001%0d%0aX-Evil:%201');
      if (answer.status === 400) {
        t.pass('it is refused');
        return;
      }
      const park = await until('its park', () =>
        sw.events.slice(before).find((one) => one['Event-Name'] === 'CHANNEL_PARK'),
      );
      t.notMatch(park['Caller-Caller-ID-Number'] ?? '', /[\r\n]/);
      await sw.esl.api(`uuid_kill ${park['Unique-ID'] ?? ''}`);
    },
  );

  await t.test(
    'given what a trunk asserts and what a caller prefers, then the trunk is believed',
    async (t) => {
      const trunk = await at(t, sw.sipPort, '127.0.0.1');
      for (const [wanted, headers] of [
        ['+8613700007001', { 'P-Asserted-Identity': '<sip:+8613700007001@carrier.test>' }],
        ['+8613700007005', { 'P-Asserted-Identity': '"Wang" <tel:+8613700007005>' }],
        [
          '13700007002',
          {
            'P-Asserted-Identity': '<sip:13700007002@carrier.test>',
            'P-Preferred-Identity': '<sip:110@carrier.test>',
            'Remote-Party-ID': '<sip:119@carrier.test>;party=calling',
          },
        ],
        // Older than RFC 3325; the embedded switch does not read it.
        ...(isFreeswitch
          ? ([
              ['13700007003', { 'Remote-Party-ID': '<sip:13700007003@carrier.test>;privacy=full' }],
            ] as const)
          : []),
        ['13700007004', { 'P-Preferred-Identity': '<sip:110@carrier.test>' }],
      ] as const) {
        const from = 'P-Preferred-Identity' in headers ? wanted : 'anonymous';
        const { sent, answer } = await callIn(trunk, from, { ...headers, Privacy: 'id' });
        t.equal(answer.status, 200);
        acknowledge(trunk, sent.text, answer.header('To'));
        const uuid = await parked(sw, wanted);
        const { 'Caller-Privacy-Hide-Number': isHidden } = JSON.parse(
          await sw.esl.api(`uuid_dump ${uuid} json`),
        ) as Record<string, string>;
        t.equal(isHidden, 'true', 'known, and not to be shown on');
        await sw.esl.api(`uuid_kill ${uuid}`);
      }
    },
  );

  await t.test(
    "given a telephone with another's number in From, then its own counts",
    async (t) => {
      const phone = await at(t, agentsPort(sw.sipPort));
      for (const from of [agent.name, '110']) {
        const before = sw.events.length;
        const answer = phone.askAs(
          agent,
          'INVITE',
          `sip:8002@127.0.0.1:${agentsPort(sw.sipPort)}`,
          {
            From: `<sip:${from}@${domain}>;tag=${randomUUID()}`,
            'P-Asserted-Identity': `<sip:119@${domain}>`,
            'P-Preferred-Identity': `<sip:120@${domain}>`,
            'Remote-Party-ID': `<sip:999@${domain}>`,
          },
          offer(phone.host, 40_000),
        );
        const park = await until('its park', () =>
          sw.events.slice(before).find((one) => one['Event-Name'] === 'CHANNEL_PARK'),
        );
        t.equal(park['Caller-Caller-ID-Number'], agent.name);
        await sw.esl.api(`uuid_kill ${park['Unique-ID'] ?? ''}`);
        await answer;
      }
    },
  );

  await t.test('given Replaces with the names of a talk, then the talk goes on', async (t) => {
    const one = await incoming(sw, '13700008001');
    const other = await incoming(sw, '13700008002');
    await sw.esl.api(`uuid_bridge ${one.uuid} ${other.uuid}`);
    await sw.event('CHANNEL_BRIDGE', one.uuid);
    const trunk = await at(t, sw.sipPort, '127.0.0.1');
    const dump = JSON.parse(await sw.esl.api(`uuid_dump ${one.uuid} json`)) as Record<
      string,
      string
    >;
    const callId = dump['variable_sip_call_id'] ?? '';
    for (const replaces of [
      `${callId};to-tag=${dump['variable_sip_to_tag'] ?? 'a'};from-tag=${dump['variable_sip_from_tag'] ?? 'b'}`,
      `${callId};to-tag=a;from-tag=b`,
      `${one.uuid};to-tag=a;from-tag=b`,
    ]) {
      const { sent, answer } = await callIn(trunk, '13700008003', { Replaces: replaces });
      if (answer.status === 200) acknowledge(trunk, sent.text, answer.header('To'));
    }
    t.equal(await sw.esl.api(`uuid_exists ${one.uuid}`), 'true');
    t.equal(await sw.esl.api(`uuid_exists ${other.uuid}`), 'true');
    t.equal(one.caller.end, undefined);
    t.notOk(sw.namesOf(one.uuid).includes('CHANNEL_UNBRIDGE'), 'they still talk');
    for (const { caller } of [one, other]) {
      caller.hangup();
      await caller.close();
    }
  });

  await t.test(
    'given what FreeSWITCH writes into its logs, then nobody else can read it',
    { skip: process.env['FREESWITCH_LOGS'] === undefined ? 'about FreeSWITCH' : false },
    (t) => {
      const dir = process.env['FREESWITCH_LOGS'] ?? '';
      t.ok(existsSync(path.join(dir, 'freeswitch.xml.fsxml')), 'its whole configuration');
      for (const name of readdirSync(dir)) {
        t.equal(statSync(path.join(dir, name)).mode & 0o007, 0, name);
      }
      t.end();
    },
  );
});

/** The ACK of a 200. */
function acknowledge(one: Stranger, invite: string, to: string, body = ''): void {
  const line = (name: string) => new RegExp(`^${name}: .*$`, 'm').exec(invite)?.[0] ?? '';
  const type = body === '' ? '' : 'Content-Type: application/sdp\r\n';
  one.send(
    `ACK ${invite.split(' ')[1] ?? ''} SIP/2.0\r\nVia: SIP/2.0/UDP ${one.host}:${one.port};branch=z9hG4bK${randomUUID()};rport\r\nMax-Forwards: 70\r\n${line('From')}\r\nTo: ${to}\r\n${line('Call-ID')}\r\nCSeq: 1 ACK\r\n${type}Content-Length: ${body.length}\r\n\r\n${body}`,
  );
}

/** 20 ms of silence in G.711 A. */
function rtp(number: number): Buffer {
  const packet = Buffer.alloc(172, 0xd5);
  packet.writeUInt16BE(0x80_08, 0);
  packet.writeUInt16BE(number, 2);
  packet.writeUInt32BE(number * 160, 4);
  packet.writeUInt32BE(0x1234_5678, 8);
  return packet;
}
