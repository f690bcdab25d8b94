import { createHash } from 'node:crypto';
import dns from 'node:dns';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import t from 'tap';
import { WebSocket } from 'ws';
import { silentLog } from '../../src/core/log.ts';
import { until } from '../support/until.ts';
import { createMedia } from '../../src/switch/index.ts';
import { openPeer } from '../../src/switch/webrtc/index.ts';
import { Ear } from '../../scripts/phone/ear.ts';
import { humming } from '../support/hum.ts';
import { startSwitch } from '../support/switch.ts';

const md5 = (text: string) => createHash('md5').update(text).digest('hex');
const ha1 = (user: string, password: string) => md5(`${user}:lingting:${password}`);

/** What the service answers to a switch that asks who may register; see docs/protocol/directory.md. */
async function openDirectoryService(users: Map<string, string>) {
  const asked: string[] = [];
  let isUp = true;
  const server = createServer((request, reply) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      const form = new URLSearchParams(body);
      const user = form.get('user') ?? '';
      asked.push(`${request.headers.authorization ?? ''} ${form.get('section')} ${user}`);
      if (!isUp) {
        reply.writeHead(503).end();
        return;
      }
      const hash = users.get(user);
      reply.setHeader('content-type', 'text/xml');
      reply.end(
        hash === undefined
          ? '<document type="freeswitch/xml"><section name="result"><result status="not found"/></section></document>'
          : `<document type="freeswitch/xml"><section name="directory"><domain name="127.0.0.1"><user id="${user}"><params><param name="a1-hash" value="${hash}"/></params></user></domain></section></document>`,
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    asked,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/directory`,
    set isUp(value: boolean) {
      isUp = value;
    },
    close: () => server.close(),
  };
}

/** Registers over a WebSocket of its own, as a browser would; the socket stays open. */
async function register(port: number, user: string, password: string) {
  const socket = new WebSocket(`ws://127.0.0.1:${port}`, 'sip');
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  const messages: string[] = [];
  socket.on('message', (data: Buffer) => messages.push(data.toString()));
  const callId = Math.random().toString(36).slice(2);
  const send = (sequence: number, more = '') =>
    socket.send(
      [
        'REGISTER sip:lingting SIP/2.0',
        `Via: SIP/2.0/WS ${callId}.invalid;branch=z9hG4bK${callId}${sequence}`,
        'Max-Forwards: 70',
        `From: <sip:${user}@lingting>;tag=${callId}`,
        `To: <sip:${user}@lingting>`,
        `Call-ID: ${callId}`,
        `CSeq: ${sequence} REGISTER`,
        `Contact: <sip:${callId}@${callId}.invalid;transport=ws>;expires=120`,
        `${more}Content-Length: 0`,
        '',
        '',
      ].join('\r\n'),
    );
  send(1);
  const challenge = await until('an answer', () => messages[0]);
  const nonce = /nonce="([^"]+)"/.exec(challenge)?.[1];
  if (nonce === undefined) return { socket, status: challenge.slice(8, 11), answer: challenge };
  const response = md5(
    `${ha1(user, password)}:${nonce}:00000001:abc:auth:${md5('REGISTER:sip:lingting')}`,
  );
  send(
    2,
    `Authorization: Digest username="${user}", realm="lingting", nonce="${nonce}", uri="sip:lingting", response="${response}", algorithm=MD5, qop=auth, nc=00000001, cnonce="abc"\r\n`,
  );
  const answer = await until('the second answer', () => messages[1]);
  return { socket, status: answer.slice(8, 11), answer };
}

void t.test('the directory of users', async (t) => {
  const users = new Map([['agent1', ha1('agent1', 'first')]]);
  const service = await openDirectoryService(users);
  const sw = await startSwitch({ directory: { url: service.url, credentials: 'switch:secret' } });
  t.teardown(async () => {
    await sw.close();
    service.close();
  });
  const basic = `Basic ${Buffer.from('switch:secret').toString('base64')}`;
  const contact = () => sw.esl.api('sofia_contact agent1');

  await t.test(
    'given a user of the service, then it registers until its page closes',
    async (t) => {
      const phone = await register(sw.wsPort, 'agent1', 'first');
      t.equal(phone.status, '200');
      t.match(phone.answer, /^Contact: <sip:.*\.invalid;transport=ws>;expires=1\d\d/m);
      t.same(service.asked, [`${basic} directory agent1`], 'asked once');
      t.match(await contact(), /^sofia\/internal\/sip:.*\.invalid/);
      t.equal(await sw.esl.api('user_exists id agent1 127.0.0.1'), 'true');
      phone.socket.close();
      await until('it to be gone', async () => (await contact()) === 'error/user_not_registered');
    },
  );

  await t.test('given a wrong password or an unknown name, then it does not', async (t) => {
    t.equal((await register(sw.wsPort, 'agent1', 'wrong')).status, '401');
    t.equal((await register(sw.wsPort, 'nobody', 'first')).status, '401');
    t.equal(await sw.esl.api('user_exists id nobody 127.0.0.1'), 'false');
  });

  await t.test(
    'given a new password, then it is good at once and the old one no more',
    async (t) => {
      users.set('agent1', ha1('agent1', 'second'));
      t.equal((await register(sw.wsPort, 'agent1', 'second')).status, '200', 'the new one at once');
      t.equal(await sw.esl.api('reloadxml'), '+OK [Success]');
      t.equal((await register(sw.wsPort, 'agent1', 'first')).status, '401');
    },
  );

  await t.test('given a service that is away, then who was known still registers', async (t) => {
    service.isUp = false;
    await sw.esl.api('reloadxml');
    t.equal((await register(sw.wsPort, 'agent1', 'second')).status, '200');
    t.equal((await register(sw.wsPort, 'agent2', 'first')).status, '503', 'ask again later');
    service.isUp = true;
    users.set('agent2', ha1('agent2', 'first'));
    t.equal((await register(sw.wsPort, 'agent2', 'first')).status, '200');
  });

  await t.test('given a client that speaks no SIP, then it is not let in', async (t) => {
    const socket = new WebSocket(`ws://127.0.0.1:${sw.wsPort}`);
    await t.resolves(
      new Promise((resolve) => socket.once('close', resolve).once('error', resolve)),
    );
  });
});

void t.test('two ends that talk as browsers do', async (t) => {
  const asked: string[] = [];
  const real = dns.lookup;
  // What would leave the machine begins with a name.
  dns.lookup = ((name: string, ...rest: unknown[]) => {
    if (!/^[\d.]+$/.test(name)) asked.push(name);
    (real as (...all: unknown[]) => void)(name, ...rest);
  }) as typeof dns.lookup;
  const media = createMedia(
    { host: '127.0.0.1', ports: { from: 46_000, to: 47_998 }, timeoutMs: 60_000 },
    silentLog(),
  );
  t.teardown(() => {
    media.close();
    dns.lookup = real;
  });
  const open = () =>
    openPeer({ host: '127.0.0.1', nextPair: () => media.nextPair(), log: silentLog() });
  const [ours, theirs] = [await open(), await open()];
  const began = performance.now();
  const offer = await ours.offer();
  const { sdp, remote } = await theirs.answer(offer);
  const accepted = await ours.accept(sdp);
  t.ok(performance.now() - began < 3000, 'nobody was asked, who might not answer');
  t.equal(remote.codec, accepted.codec);
  const [a, b] = [media.attach(ours.wire), media.attach(theirs.wire)];
  a.setRemote(accepted);
  b.setRemote(remote);
  const ear = new Ear();
  b.taps.addListener((incoming) => ear.hear(incoming));
  void a.playback.start(humming(700));
  await until('the tone to arrive', () => ear.toneShare(700, 300) > 0.5);
  const keys: string[] = [];
  b.onDigit = (digit) => keys.push(digit);
  a.sendDtmf('7', 100);
  await until('the key', () => keys.length > 0);
  t.same(keys, ['7']);

  t.same(asked, [], 'no name was looked up');
  const candidates = [...`${offer}${sdp}`.matchAll(/^a=candidate:\S+ 1 udp \d+ (\S+) (\d+)/gm)];
  t.ok(candidates.length >= 2);
  for (const [, host, port] of candidates) {
    t.equal(host, '127.0.0.1', 'no other address is offered');
    if (existsSync('/proc/net/udp')) {
      const hex = Number(port).toString(16).toUpperCase().padStart(4, '0');
      t.match(readFileSync('/proc/net/udp', 'utf8'), new RegExp(`0100007F:${hex} `));
    }
  }
  t.notMatch(offer, /\.local/);

  // A hold in both directions: the stream rests and keeps its place.
  const resting = await theirs.answer(await ours.offer({ direction: 'inactive' }));
  t.match(resting.sdp, /^m=audio 9 [\s\S]*^a=inactive/m, 'a held stream is not refused');
  await ours.accept(resting.sdp);
});

void t.test(
  'audio without names of its formats or a direction is taken, video beside it not',
  async (t) => {
    const media = createMedia(
      { host: '127.0.0.1', ports: { from: 46_000, to: 47_998 }, timeoutMs: 60_000 },
      silentLog(),
    );
    const peer = await openPeer({
      host: '127.0.0.1',
      nextPair: () => media.nextPair(),
      log: silentLog(),
    });
    t.teardown(() => {
      media.attach(peer.wire).close();
      media.close();
    });
    const transport = [
      'a=ice-ufrag:abcd',
      'a=ice-pwd:abcdefghijklmnopqrstuvwx',
      `a=fingerprint:sha-256 ${Array.from({ length: 32 }, () => 'AB').join(':')}`,
      'a=setup:actpass',
      'a=rtcp-mux',
    ];
    const { sdp, remote } = await peer.answer(
      [
        ...['v=0', 'o=- 11 1 IN IP4 127.0.0.1', 's=-', 't=0 0', 'a=group:BUNDLE 0 1'],
        ...['m=audio 9 UDP/TLS/RTP/SAVPF 0 8 126', 'c=IN IP4 0.0.0.0', 'a=mid:0'],
        ...['a=candidate:1 1 udp 2113937151 127.0.0.1 50000 typ host', ...transport],
        ...['a=rtpmap:126 telephone-event/8000', 'm=video 9 UDP/TLS/RTP/SAVPF 96'],
        ...['c=IN IP4 0.0.0.0', 'a=mid:1', ...transport, 'a=sendrecv', 'a=rtpmap:96 VP8/90000', ''],
      ].join('\r\n'),
    );
    t.match(sdp, /^m=audio 9 UDP\/TLS\/RTP\/SAVPF 0 8 126\r$/m);
    t.match(sdp, /^a=sendrecv\r$/m);
    t.match(sdp, /^m=video 0 /m);
    t.match(sdp, /^a=group:BUNDLE 0\r$/m);
    t.match(remote, { codec: 'PCMU', payloadType: 0, dtmfPayloadType: 126 });
  },
);
