import { createSocket, type Socket } from 'node:dgram';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import t from 'tap';
import { dial } from '../../scripts/phone/caller.ts';
import { toneShare } from '../../scripts/phone/ear.ts';
import { silentLog } from '../../src/core/log.ts';
import { until } from '../support/until.ts';
import { createUserAgent, noDirectory } from '../../src/switch/index.ts';
import { decodeWav, offerFor, parseSdp } from '../../src/switch/rtp/index.ts';
import { codecs } from '../../src/switch/rtp/g711.ts';
import { incoming, parked } from '../support/parked.ts';
import { isFreeswitch, startSwitch } from '../support/switch.ts';

const tones = [400, 600, 800, 1000, 1200, 1400, 1600, 1800, 2000, 2200] as const;
/** Long enough that a machine which stops for a moment loses no tone as a whole. */
const framesPerTone = 20;

void t.test('audio on a bad network', async (t) => {
  const sw = await startSwitch();
  t.teardown(() => sw.close());

  await t.test(
    'given packets that swap places and come twice, then each is heard once',
    { skip: isFreeswitch ? 'it records in order of arrival; docs/protocol/differences.md' : false },
    async (t) => {
      const raw = await rawPhone('13700000081', sw.sipPort);
      t.teardown(() => raw.close());
      const uuid = await parked(sw, '13700000081');
      await sw.run(uuid, 'answer');
      const to = await raw.remote;
      const file = path.join(sw.dir, 'swapped.wav');
      await sw.queue(uuid, 'record', `${file} 30`);
      await sw.esl.api(`uuid_exists ${uuid}`);
      let frame = 0;
      const pairs = setInterval(() => {
        // Of each pair the second one first, and both of them twice.
        for (const number of [frame + 1, frame, frame + 1, frame]) raw.sendFrame(number, to);
        frame += 2;
      }, 40);
      await until('all to be sent', () => frame >= tones.length * framesPerTone + 20);
      clearInterval(pairs);
      await sw.esl.api(`uuid_break ${uuid}`);
      await sw.event('RECORD_STOP', uuid);
      const samples = decodeWav(readFileSync(file));
      t.same(tonesIn(samples), [...tones], 'in order, none missing, none twice');
      const loud = loudMs(samples);
      t.ok(Math.abs(loud - 4000) <= 600, `four seconds of sound, not ${loud} ms`);
      await sw.esl.api(`uuid_kill ${uuid}`);
    },
  );

  // Not understood yet; see docs/protocol/differences.md.
  const noKeys = isFreeswitch ? 'FreeSWITCH tells of no key that comes like this' : false;
  await t.test(
    'given a key whose packets swap and come twice, then it is one key',
    { skip: noKeys },
    async (t) => {
      const raw = await rawPhone('13700000082', sw.sipPort);
      t.teardown(() => raw.close());
      const uuid = await parked(sw, '13700000082');
      await sw.run(uuid, 'answer');
      const to = await raw.remote;
      for (const [place, key] of ['5', '7'].entries()) {
        const durations = [160, 480, 320, 480, 800, 640];
        for (const duration of durations) raw.sendKey(key, place, duration, false, to);
        for (let again = 0; again < 6; again += 1) raw.sendKey(key, place, 960, true, to);
        // A straggler behind the end.
        raw.sendKey(key, place, 640, false, to);
        await until(`key ${key}`, () => keysOf(uuid).includes(key));
      }
      raw.sendFrame(0, to);
      await sw.run(uuid, 'playback', 'silence_stream://300');
      t.equal(keysOf(uuid), '57');
      await sw.esl.api(`uuid_kill ${uuid}`);
    },
  );

  await t.test(
    'given a caller who vanishes without a word, then the leg ends for want of audio',
    async (t) => {
      const caller = dial({
        number: '4000',
        from: '13700000083',
        host: '127.0.0.1',
        port: sw.sipPort,
      });
      const uuid = await parked(sw, '13700000083');
      await sw.run(uuid, 'answer');
      await (await caller).vanish();
      const hangup = await sw.event('CHANNEL_HANGUP_COMPLETE', uuid);
      t.equal(hangup['Hangup-Cause'], 'MEDIA_TIMEOUT');
    },
  );

  await t.test(
    'given 300 callers who never acknowledge the answer, then others are served and nothing stays',
    { skip: isFreeswitch ? 'about our own timers' : false },
    async (t) => {
      const socket = createSocket('udp4');
      t.teardown(() => socket.close());
      await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
      for (let index = 0; index < 300; index += 1) {
        socket.send(halfOpen(index, socket.address().port), sw.sipPort, '127.0.0.1');
      }
      const theirs = () =>
        sw.events.filter(
          (one) =>
            one['Event-Name'] === 'CHANNEL_PARK' &&
            (one['Caller-Caller-ID-Number'] ?? '').startsWith('138999'),
        );
      await until('all of them', () => theirs().length === 300, { timeoutMs: 60_000 });
      for (const one of theirs()) await sw.queue(one['Unique-ID'] ?? '', 'answer');
      const { caller, uuid } = await incoming(sw, '13700000084');
      await sw.run(uuid, 'playback', sw.tone('served', 900, 400));
      await until('a tone for the other caller', () => caller.ear.soundMs >= 200);
      caller.hangup();
      await caller.close();
      await until(
        'all legs to be gone',
        async () => (await sw.esl.api('show channels count')).trim().startsWith('0 total'),
        { timeoutMs: 60_000, everyMs: 200 },
      );
      t.pass();
    },
  );

  await t.test(
    'given a stranger who sends before the caller does, then the caller has audio and keys',
    async (t) => {
      const raw = await rawPhone('13700000086', sw.sipPort);
      const stranger = createSocket('udp4');
      await new Promise<void>((resolve) => stranger.bind(0, '127.0.0.1', resolve));
      t.teardown(async () => {
        stranger.close();
        await raw.close();
      });
      let stolen = 0;
      stranger.on('message', () => (stolen += 1));
      const uuid = await parked(sw, '13700000086');
      await sw.run(uuid, 'answer');
      const to = await raw.remote;
      stranger.send('junk, no RTP at all', to.port, to.host);
      for (let number = 0; number < 15; number += 1) {
        stranger.send(packet(8, number, number * 160, Buffer.alloc(160, 0xd5)), to.port, to.host);
      }
      await sw.queue(uuid, 'playback', sw.tone('for-the-caller', 700, 20_000));
      let frame = 0;
      const talking = setInterval(() => raw.sendFrame((frame += 1), to), 20);
      t.teardown(() => clearInterval(talking));
      const heard = raw.received();
      await until('the caller to hear', () => raw.received() > heard + 40);
      const before = stolen;
      const later = raw.received();
      await until('more of it', () => raw.received() > later + 40);
      t.equal(stolen, before, 'the stranger hears nothing');
      raw.sendKey('5', 3, 800, true, to);
      await until('the key', () => keysOf(uuid).includes('5'));
      await sw.esl.api(`uuid_kill ${uuid}`);
    },
  );

  await t.test(
    'given a caller who never acknowledges, or is never heard, then nothing floods that address',
    { skip: isFreeswitch ? 'about our own limits' : false },
    async (t) => {
      // Silence alone must not end the call before it is looked at.
      const rtp = { host: '127.0.0.1', from: 30_000, to: 30_398, timeoutSec: 60 };
      const sw = await startSwitch({ rtp });
      t.teardown(() => sw.close());
      const victim = createSocket('udp4');
      const caller = createSocket('udp4');
      t.teardown(() => {
        victim.close();
        caller.close();
      });
      for (const one of [victim, caller]) {
        await new Promise<void>((resolve) => one.bind(0, '127.0.0.1', resolve));
      }
      let packets = 0;
      victim.on('message', () => (packets += 1));
      const from = '13899919200';
      const { port } = caller.address();
      const stream = `m=audio ${victim.address().port} RTP/AVP 8`;
      let tag: string | undefined;
      caller.on('message', (bytes) => {
        if (bytes.toString().startsWith('SIP/2.0 200')) {
          tag = /^To:.*;tag=([^;\s]+)/im.exec(bytes.toString())?.[1];
        }
      });
      caller.send(halfOpen(9200, port, stream), sw.sipPort, '127.0.0.1');
      const uuid = await parked(sw, from);
      await sw.queue(uuid, 'answer');
      await sw.queue(uuid, 'playback', sw.tone('to-nobody', 700, 20_000));
      await until('the answer', () => tag !== undefined);
      // Another caller's second of sound: so long nothing went out.
      const other = await incoming(sw, '13700000087');
      await sw.queue(other.uuid, 'playback', sw.tone('meanwhile', 700, 20_000));
      await until('a second of sound', () => other.caller.ear.soundMs >= 1000);
      t.equal(packets, 0, 'nothing before the ACK');
      const ack = halfOpen(9200, port, stream)
        .replace(/^INVITE/, 'ACK')
        .replace('CSeq: 1 INVITE', 'CSeq: 1 ACK')
        .replace('To: <sip:4000@127.0.0.1>', `To: <sip:4000@127.0.0.1>;tag=${tag ?? ''}`)
        .replace('branch=z9hG4bKhalf', 'branch=z9hG4bKack')
        .replace(/Content-Length: [\s\S]*/, 'Content-Length: 0\r\n\r\n');
      caller.send(ack, sw.sipPort, '127.0.0.1');
      await until('audio behind the ACK', () => packets > 10);
      const mark = other.caller.ear.soundMs;
      await until('six seconds of sound', () => other.caller.ear.soundMs >= mark + 6000);
      const after = packets;
      t.ok(after < 300, `it stopped after ${after} packets`);
      const second = other.caller.ear.soundMs;
      await until('another second', () => other.caller.ear.soundMs >= second + 1000);
      t.equal(packets, after);
      t.equal((await sw.esl.api(`uuid_exists ${uuid}`)).trim(), 'true', 'the call stays');
      const portOf = async () => Number(await sw.esl.api(`uuid_getvar ${uuid} local_media_port`));
      victim.send(packet(8, 1, 160, Buffer.alloc(160, 0xd5)), await portOf(), '127.0.0.1');
      await until('audio again, once it is heard', () => packets > after + 10);
      await sw.esl.api(`uuid_kill ${uuid}`);
      other.caller.hangup();
      await other.caller.close();
    },
  );

  await t.test(
    'given calls whose description names places that cannot be, then others go on hearing',
    async (t) => {
      const { caller, uuid } = await incoming(sw, '13700000085');
      await sw.queue(uuid, 'playback', sw.tone('on-and-on', 900, 60_000));
      await until('a tone', () => caller.ear.soundMs >= 200);
      const socket = createSocket('udp4');
      t.teardown(() => socket.close());
      await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
      const answered = new Set<string>();
      socket.on('message', (bytes) => {
        const id = /^Call-ID: (half-open-\d+)/im.exec(bytes.toString());
        if (!bytes.toString().startsWith('SIP/2.0 100') && id?.[1]) answered.add(id[1]);
      });
      const { port } = socket.address();
      const streams = ['audio 99999', 'audio -1', 'audio 65536', 'audio 1e3', 'audio 0'];
      for (const [index, stream] of streams.entries()) {
        const invite = halfOpen(9000 + index, port, `m=${stream} RTP/AVP 8`);
        socket.send(invite, sw.sipPort, '127.0.0.1');
        socket.send(
          halfOpen(9100 + index, port, undefined, badHosts[index]),
          sw.sipPort,
          '127.0.0.1',
        );
      }
      const led = new Set<string>();
      await until('each to be refused or led', async () => {
        for (const one of sw.events) {
          const from = one['Caller-Caller-ID-Number'] ?? '';
          if (one['Event-Name'] !== 'CHANNEL_PARK' || !/^13899919[01]0\d$/.test(from)) continue;
          if (led.has(from)) continue;
          led.add(from);
          await sw.queue(one['Unique-ID'] ?? '', 'answer');
          await sw.queue(one['Unique-ID'] ?? '', 'playback', sw.tone('them', 500, 400));
        }
        return answered.size === 2 * streams.length;
      });
      const before = caller.ear.soundMs;
      await until('a second more of the tone', () => caller.ear.soundMs >= before + 1000);
      t.pass();
      caller.hangup();
      await caller.close();
    },
  );

  function keysOf(uuid: string): string {
    return sw.events
      .filter((one) => one['Event-Name'] === 'DTMF' && one['Unique-ID'] === uuid)
      .map((one) => one['DTMF-Digit'] ?? '')
      .join('');
  }
});

interface Place {
  host: string;
  port: number;
}

/** A phone whose RTP packets the test makes itself. */
async function rawPhone(from: string, sipPort: number) {
  const rtp: Socket = createSocket('udp4');
  await new Promise<void>((resolve) => rtp.bind(0, '127.0.0.1', resolve));
  const agent = await createUserAgent(
    {
      host: '127.0.0.1',
      port: 0,
      directory: noDirectory,
      realm: 'phone',
      userAgent: 'raw',
      maxSessions: 1,
    },
    silentLog(),
  );
  const session = agent.invite({
    uri: `sip:4000@127.0.0.1:${sipPort}`,
    from: { user: from },
    sdp: offerFor({ host: '127.0.0.1', port: rtp.address().port, sessionId: 1, version: 1 }),
  });
  const remote = new Promise<Place>((resolve) => {
    session.onAnswer = (sdp) => {
      const { host, port } = parseSdp(sdp);
      resolve({ host, port });
    };
  });
  let received = 0;
  rtp.on('message', () => (received += 1));
  const send = (bytes: Buffer, to: Place) => rtp.send(bytes, to.port, to.host);
  return {
    remote,
    received: () => received,
    sendFrame(number: number, to: Place) {
      const hz = tones[Math.floor(number / framesPerTone)];
      const samples = Int16Array.from({ length: 160 }, (_, at) =>
        hz === undefined
          ? 0
          : Math.round(8000 * Math.sin((2 * Math.PI * hz * (number * 160 + at)) / 8000)),
      );
      const payload = Buffer.alloc(160);
      codecs.PCMA.encode(samples, payload, 0);
      send(packet(8, 1000 + number, number * 160, payload), to);
    },
    /** RFC 4733: the timestamp is that of the key's beginning. */
    sendKey(key: string, place: number, duration: number, isEnd: boolean, to: Place) {
      const payload = Buffer.from([
        Number(key),
        isEnd ? 0x8a : 0x0a,
        duration >> 8,
        duration & 255,
      ]);
      send(packet(101, 2000 + place, 50_000 + place * 8000, payload), to);
    },
    async close() {
      session.hangup();
      rtp.close();
      await agent.close();
    },
  };
}

function packet(payloadType: number, sequence: number, timestamp: number, payload: Buffer): Buffer {
  const header = Buffer.alloc(12);
  header[0] = 0x80;
  header[1] = payloadType;
  header.writeUInt16BE(sequence, 2);
  header.writeUInt32BE(timestamp, 4);
  header.writeUInt32BE(0x5eed, 8);
  return Buffer.concat([header, payload]);
}

/** The tones heard, one after the other, each named once. */
function tonesIn(samples: Int16Array): number[] {
  const heard: number[] = [];
  for (let at = 0; at + 400 <= samples.length; at += 400) {
    const part = samples.subarray(at, at + 400);
    const hz = tones.find((one) => toneShare(part, one) > 0.8);
    if (hz !== undefined && heard.at(-1) !== hz) heard.push(hz);
  }
  return heard;
}

function loudMs(samples: Int16Array): number {
  return samples.filter((one) => Math.abs(one) > 500).length / 8 / 0.96;
}

const badHosts = ['255.255.255.255', '999.1.1.1', '224.0.0.1', 'nobody.invalid', '0.0.0.1'];

/** An INVITE whose caller acknowledges nothing. */
function halfOpen(
  index: number,
  port: number,
  stream = 'm=audio 9 RTP/AVP 8',
  host = '127.0.0.1',
): string {
  const sdp = `v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 ${host}\r\nt=0 0\r\n${stream}\r\n`;
  const from = `138999${String(10_000 + index)}`;
  return [
    'INVITE sip:4000@127.0.0.1 SIP/2.0',
    `Via: SIP/2.0/UDP 127.0.0.1:${port};branch=z9hG4bKhalf${index}`,
    `From: <sip:${from}@127.0.0.1>;tag=half${index}`,
    'To: <sip:4000@127.0.0.1>',
    `Call-ID: half-open-${index}`,
    'CSeq: 1 INVITE',
    `Contact: <sip:${from}@127.0.0.1:${port}>`,
    'Max-Forwards: 70',
    'Content-Type: application/sdp',
    `Content-Length: ${sdp.length}`,
    '',
    sdp,
  ].join('\r\n');
}
