import { createHash, randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { connect } from 'node:net';
import { connect as connectTls } from 'node:tls';
import t from 'tap';
import { silentLog } from '../../src/core/log.ts';
import { Ear } from '../../scripts/phone/ear.ts';
import { plainNegotiation } from '../../src/switch/legs/negotiation.ts';
import { createMedia, toneSource } from '../../src/switch/rtp/index.ts';
import { endingRegistrations } from '../../src/cti/nodes/registrations.ts';
import { dialWithBaresip } from '../support/baresip.ts';
import { selfSigned } from '../support/certificate.ts';
import { incoming, parked } from '../support/parked.ts';
import { RawPhone, rawSdp, type RawMessage } from '../support/raw-sip.ts';
import { isFreeswitch, startSwitch } from '../support/switch.ts';
import { until } from '../support/until.ts';

const md5 = (text: string) => createHash('md5').update(text).digest('hex');
const password = 'a-test-password';
const users = ['agent1', 'agent2'].map((username) => ({
  username,
  ha1: md5(`${username}:lingting:${password}`),
}));
const own = isFreeswitch ? 'how FreeSWITCH does it is its own business' : false;
const cryptoOf = (sdp: string) => /^a=crypto:.* inline:(\S+)/m.exec(sdp)?.[1] ?? '';
/** From now on. */
const hears = (ear: Ear, hz: number) => {
  const since = ear.totalMs;
  return until(`${hz} Hz`, () => ear.totalMs > since + 500 && ear.toneShare(hz, 400) > 0.8);
};

void t.test('desk telephones over TLS, and keys of SRTP', async (t) => {
  const sw = await startSwitch({ users, tls: { port: 0, ...selfSigned(t.testdir()) } });
  t.teardown(() => sw.close());
  const media = createMedia(
    { host: '127.0.0.1', ports: { from: 50_000, to: 59_998 }, timeoutMs: 600_000 },
    silentLog(),
  );
  t.teardown(() => media.close());
  const openTls = async (user: string) => {
    const phone = await RawPhone.openTls({ user, switchPort: sw.tlsPort });
    t.teardown(() => phone.close());
    t.equal((await phone.register(password)).what, '200');
    return phone;
  };
  /** Rings a registered telephone; its leg, and the INVITE that it got. */
  const ring = async (phone: RawPhone, user: string) => {
    // FreeSWITCH writes a registration behind its 200.
    await until('the registration', async () => {
      const profiles = isFreeswitch ? ['internal/', 'phones-tls/'] : [''];
      const contacts = await Promise.all(
        profiles.map((profile) => sw.esl.api(`sofia_contact ${profile}${user}`)),
      );
      return contacts.some((contact) => !contact.startsWith('error/'));
    });
    const uuid = await sw.esl.api('create_uuid');
    const done = sw.job(
      `originate {origination_uuid=${uuid},ignore_early_media=true,originate_timeout=20}user/${user} &park()`,
    );
    return { uuid, done, invite: await phone.next('INVITE') };
  };
  /** The telephone's own audio, which takes nothing but SRTP. */
  const openAudio = async () => {
    const audio = await media.open();
    t.teardown(() => audio.close());
    const ear = new Ear();
    audio.taps.addListener((frame) => ear.hear(frame));
    const options = { withSrtp: true, isSecret: true, offersSrtp: true };
    return { audio, ear, words: plainNegotiation('127.0.0.1', audio.localPort, options) };
  };

  await t.test('over TLS the sound is encrypted, whoever it is bridged to', async (t) => {
    const phone = await openTls('agent1');
    const { uuid, done, invite } = await ring(phone, 'agent1');
    t.match(invite.body, /^m=audio \d+ RTP\/SAVP /m);
    t.match(invite.body, /^a=crypto:\d+ AES_CM_128_HMAC_SHA1_80 inline:/m);
    const { audio, ear, words } = await openAudio();
    const { sdp, remote } = await words.answer(invite.body);
    t.ok(remote.srtp);
    audio.setRemote(remote);
    audio.playback.setBackground(toneSource('%(1000,0,700);loops=-1'));
    phone.take(invite);
    phone.reply(invite, '200 OK', { body: sdp });
    await phone.next('ACK');
    t.match(await done, /^\+OK/);
    const { uuid: other, caller } = await incoming(sw, '13700008301');
    caller
      .say(toneSource('%(1000,0,1600);loops=-1') ?? { next: () => undefined })
      .catch(() => undefined);
    await sw.esl.api(`uuid_bridge ${other} ${uuid}`);
    await hears(ear, 1600);
    await hears(caller.ear, 700);

    await t.test('what is not signed with the key is nothing', async () => {
      const stranger = createSocket('udp4');
      const port = Number(/^m=audio (\d+)/m.exec(invite.body)?.[1]);
      const rtp = Buffer.concat([
        Buffer.from('8008000100000000deadbeef', 'hex'),
        Buffer.alloc(160),
      ]);
      const rtcp = Buffer.from('80c80006deadbeef'.padEnd(64, '0'), 'hex');
      const junk = randomBytes(200);
      for (let n = 0; n < 20; n += 1) {
        rtp.writeUInt16BE(n, 2);
        for (const bytes of [rtp, rtcp, junk]) stranger.send(bytes, port, '127.0.0.1');
      }
      await hears(caller.ear, 700);
      await hears(ear, 1600);
      stranger.close();
    });

    await t.test('hold and back, and a new key in mid-call', async (t) => {
      const offer = await words.offer({ direction: 'sendonly' });
      const held = await phone.request('INVITE', { body: offer });
      t.match(held.body, /^m=audio \d+ RTP\/SAVP /m);
      t.match(held.body, /^a=(recvonly|inactive)/m);
      audio.setRemote(await words.accept(held.body));
      const key = randomBytes(30);
      const text = (await words.offer()).replace(/inline:\S+/, `inline:${key.toString('base64')}`);
      t.not(cryptoOf(text), cryptoOf(offer));
      const back = await phone.request('INVITE', { body: text });
      t.equal(back.what, '200');
      const agreed = await words.accept(back.body);
      if (agreed.srtp === undefined) throw new Error('no keys');
      audio.setRemote({ ...agreed, srtp: { ...agreed.srtp, localKey: key } });
      await hears(caller.ear, 700);
      await hears(ear, 1600);
    });
    await t.test(
      'who knows its names takes it over by neither TCP nor TLS',
      { skip: own },
      async (t) => {
        const at = { host: '127.0.0.1', localAddress: '127.0.0.98' };
        const thieves = [
          connect({ ...at, port: sw.sipPort }),
          connectTls({ ...at, port: sw.tlsPort, rejectUnauthorized: false }),
        ];
        let number = 900;
        for (const [index, thief] of thieves.entries()) {
          t.teardown(() => thief.destroy());
          let heard = '';
          thief.on('data', (bytes: Buffer) => (heard += bytes.toString()));
          const via = `SIP/2.0/${index === 0 ? 'TCP' : 'TLS'} 127.0.0.98:5;branch=z9hG4bK`;
          for (const [method, body] of [
            ['INVITE', rawSdp(40_002)],
            ['INFO', 'Signal=1'],
            ['BYE', ''],
          ] as const) {
            number += 1;
            const head = [`Via: ${via}${number}`, `From: ${phone.from}`, `To: ${phone.to}`];
            head.push(`Call-ID: ${phone.callId}`, `CSeq: ${number} ${method}`, 'Max-Forwards: 70');
            head.push(`Contact: <sip:x@127.0.0.98:5>`, `Content-Length: ${body.length}`);
            thief.write(`${method} ${phone.target} SIP/2.0\r\n${head.join('\r\n')}\r\n\r\n${body}`);
            await until(`an answer to ${method}`, () => heard.includes(`${number} ${method}`));
            t.match(heard, /^SIP\/2.0 481 /, `${via} ${method}`);
            t.notMatch(heard, /a=crypto/, 'no key of ours');
            heard = '';
          }
        }
        const plain = await phone.request('INVITE', { body: rawSdp(audio.localPort) });
        t.equal(plain.what, '488', 'its own telephone goes on, but not in the clear');
        await hears(ear, 1600);
      },
    );
    caller.hangup();
    await sw.esl.api(`uuid_kill ${uuid}`);
    phone.reply(await phone.next('BYE'), '200 OK');
    await caller.close();
  });

  await t.test('over UDP it is plain', async (t) => {
    const phone = await RawPhone.open({ user: 'agent2', switchPort: sw.phonePort });
    t.teardown(() => phone.close());
    t.equal((await phone.register(password)).what, '200');
    const { done, invite } = await ring(phone, 'agent2');
    t.match(invite.body, /^m=audio \d+ RTP\/AVP /m);
    t.notMatch(invite.body, /SAVP|crypto/);
    phone.take(invite);
    phone.reply(invite, '486 Busy Here');
    t.match(await done, /USER_BUSY/);
  });

  await t.test(
    'a telephone that cannot encrypt is asked again without',
    { skip: own },
    async (t) => {
      const phone = await openTls('agent1');
      const { uuid, done, invite } = await ring(phone, 'agent1');
      phone.reply(invite, '488 Not Acceptable Here');
      const again = await phone.next(
        'INVITE',
        (one) => one.header('call-id') !== invite.header('call-id'),
      );
      t.match(again.body, /^m=audio \d+ RTP\/AVP /m);
      phone.take(again);
      phone.reply(again, '200 OK', { body: rawSdp(40_000) });
      t.match(await done, /^\+OK/);
      await sw.esl.api(`uuid_kill ${uuid}`);
      await phone.next('BYE');
    },
  );

  await t.test(
    'keys that cannot be used are refused, the longer tag is chosen',
    { skip: own },
    async (t) => {
      const secret = (...lines: readonly string[]) =>
        [rawSdp(40_000).replace('RTP/AVP', 'RTP/SAVP').trimEnd(), ...lines, ''].join('\r\n');
      const key = `inline:${randomBytes(30).toString('base64')}`;
      const ask = async (user: string, body: string): Promise<RawMessage> => {
        const phone = await RawPhone.open({ user, switchPort: sw.sipPort });
        t.teardown(() => phone.close());
        const answer = await phone.request('INVITE', { body });
        if (answer.what === '200') await phone.request('BYE');
        return answer;
      };
      const bad = ['a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:short', `a=crypto:1 NULL ${key}`];
      for (const [index, line] of bad.entries()) {
        t.equal((await ask(`1370000831${index}`, secret(line))).what, '488', line);
      }
      t.equal((await ask('13700008315', secret())).what, '488', 'no key at all');
      const both = secret(
        `a=crypto:3 AES_CM_128_HMAC_SHA1_32 ${key}`,
        `a=crypto:4 AES_CM_128_HMAC_SHA1_80 ${key}`,
      );
      const answer = await ask('13700008316', both);
      t.match(answer.body, /^a=crypto:4 AES_CM_128_HMAC_SHA1_80 inline:/m);
      t.not(cryptoOf(answer.body), key.slice(7), 'with a key of our own');
    },
  );

  await t.test(
    'a telephone whose session is over is not rung, whatever it registered by',
    async (t) => {
      const phones = [
        await RawPhone.open({ user: 'agent2', switchPort: sw.phonePort }),
        await RawPhone.openTls({ user: 'agent2', switchPort: sw.tlsPort }),
        await RawPhone.openWebSocket({ user: 'agent2', wsPort: sw.wsPort }),
      ];
      const host = (await sw.esl.api('global_getvar lt_host')).trim() || '127.0.0.1';
      for (const phone of phones) {
        t.teardown(() => phone.close());
        t.equal((await phone.register(password)).what, '200');
      }
      for (const command of endingRegistrations('agent2', host)) await sw.esl.api(command);
      t.match(await sw.job('originate {originate_timeout=5}user/agent2 &park()'), /NOT_REGISTERED/);
      t.notOk(phones.some(({ box }) => box.some(({ what }) => what === 'INVITE')));
    },
  );

  await t.test("a telephone of somebody else's making, that takes SRTP or nothing", async (t) => {
    const from = '13700008321';
    const voice = Int16Array.from({ length: 8000 * 60 }, (_, at) => 8000 * Math.sin(at * 0.55));
    const dialling = dialWithBaresip({
      ...{ from, number: '4000', sipPort: sw.sipPort, transport: 'tcp', voice, isSecret: true },
    });
    const uuid = await parked(sw, from);
    await sw.esl.api(`sched_del ${uuid}`);
    const phone = await dialling;
    t.teardown(() => phone.close());
    t.match(await sw.esl.api(`uuid_getvar ${uuid} rtp_secure_media_negotiated`), /^AES_CM_128/);
    const { uuid: other, caller } = await incoming(sw, '13700008322');
    await sw.esl.api(`uuid_bridge ${other} ${uuid}`);
    await hears(caller.ear, (0.55 * 8000) / (2 * Math.PI));
    phone.hangup();
    caller.hangup();
    await caller.close();
  });
});
