import t from 'tap';
import { connect, type Socket } from 'node:net';
import { once } from 'node:events';
import { connect as connectTls } from 'node:tls';
import { WebSocket } from 'ws';
import { silentLog } from '../../src/core/log.ts';
import { digestResponse, ha1Of, parseDigest } from '../../src/switch/sip/digest/digest-hash.ts';
import { defaultSipLimits, Refusals, type InboundSession } from '../../src/switch/sip/index.ts';
import { createUserAgent, noDirectory } from '../../src/switch/index.ts';
import { EslConnection } from '../../src/cti/esl/connection.ts';
import {
  headerIn,
  openRawSip,
  rawRequest,
  rawSdp,
  statusOf,
  type RawRequest,
  type RawSip,
} from '../support/sip-datagrams.ts';
import { selfSigned } from '../support/certificate.ts';
import { tortures } from '../support/rfc4475.ts';
import { isFreeswitch, startSwitch, type TestSwitch } from '../support/switch.ts';
import { until } from '../support/until.ts';

const user = { username: 'agent1', password: 'right' };
const users = [
  {
    username: user.username,
    ha1: ha1Of(user, 'lingting'),
    ha1Sha256: ha1Of(user, 'lingting', 'SHA-256'),
  },
];

/** Sends and waits for the final response to that CSeq. */
async function ask(raw: RawSip, port: number, text: string): Promise<string> {
  const id = headerIn(text, 'Call-ID') ?? '';
  const cseq = headerIn(text, 'CSeq') ?? '';
  raw.send(text, port);
  return raw.answer(
    (one) =>
      one.startsWith('SIP/2.0 ') &&
      Number(statusOf(one)) >= 200 &&
      headerIn(one, 'Call-ID') === id &&
      headerIn(one, 'CSeq') === cseq,
    `an answer to ${cseq}`,
  );
}

function authorization(
  challenge: string,
  { method, uri, password }: { method: string; uri: string; password: string },
): string {
  const params = parseDigest(challenge);
  const algorithm = params?.get('algorithm') === 'MD5' ? 'MD5' : 'SHA-256';
  const nonce = params?.get('nonce') ?? '';
  const response = digestResponse({
    ...{ algorithm, nonce, method, uri, qop: { nc: '00000001', cnonce: 'c' } },
    ha1: ha1Of({ username: user.username, password }, 'lingting', algorithm),
  });
  return `Digest username="${user.username}", realm="lingting", nonce="${nonce}", uri="${uri}", response="${response}", algorithm=${algorithm}, qop=auth, nc=00000001, cnonce="c"`;
}

let sequence = 1;
async function register(
  raw: RawSip,
  port: number,
  password: string,
  contact = '',
): Promise<string> {
  const party = `<sip:${user.username}@127.0.0.1>`;
  const base = {
    method: 'REGISTER',
    uri: 'sip:127.0.0.1',
    ...{ to: party, from: `${party};tag=r${sequence}`, callId: `register-${sequence}` },
    localPort: raw.port,
  };
  sequence += 1;
  const first = await ask(raw, port, rawRequest({ ...base, cseq: 1 }));
  const challenge = headerIn(first, 'WWW-Authenticate') ?? '';
  const header = `Authorization: ${authorization(challenge, { ...base, password })}`;
  const text = rawRequest({ ...base, cseq: 2, headers: [header] });
  return ask(raw, port, contact === '' ? text : text.replace(/Contact: .*/, `Contact: ${contact}`));
}

const limits = { ...defaultSipLimits, callsPerSecond: 5, unfinishedSec: 0.4, connections: 5 };

async function refusalsOf(lingting: TestSwitch): Promise<Record<string, number>> {
  return JSON.parse(await lingting.esl.api('lt_refusals')) as Record<string, number>;
}

void t.test(
  'what a stranger sends to the SIP ports',
  { skip: isFreeswitch && 'about our own SIP' },
  async (t) => {
    const lingting = await startSwitch({ users, limits });
    const raw = await openRawSip();
    t.teardown(async () => {
      raw.close();
      await lingting.close();
    });
    const port = lingting.sipPort;
    const options = (more: Partial<Parameters<typeof rawRequest>[0]> = {}) =>
      ask(raw, port, rawRequest({ localPort: raw.port, ...more }));

    await t.test(
      'given Max-Forwards 0, Require as a list and lists in several headers',
      async (t) => {
        const zero = rawRequest({ localPort: raw.port }).replace('Forwards: 70', 'Forwards: 0');
        t.equal(statusOf(await ask(raw, port, zero)), '200', 'we are where it goes');
        for (const [header, status, unsupported] of [
          ['Require: timer, replaces', '200', undefined],
          ['Require: replaces,timer', '200', undefined],
          ['Require: 100rel, timer', '200', undefined],
          ['Require: precondition, timer', '420', 'precondition'],
          ['Require: timer\r\nRequire: foo\r\nRequire: bar', '420', 'foo, bar'],
        ] as const) {
          const answer = await options({ headers: [header] });
          t.same(
            [statusOf(answer), headerIn(answer, 'Unsupported')],
            [status, unsupported],
            header,
          );
        }
      },
    );

    await t.test('given NUL and line breaks in a number, then 400 and no call', async (t) => {
      for (const from of ['<sip:138%00@h>;tag=x', '<sip:1%0d%0aX@h>;tag=y', '<sip:a\0b@h>;tag=z']) {
        const answer = await options({ method: 'INVITE', from, body: rawSdp(raw.port) });
        t.equal(statusOf(answer), '400', JSON.stringify(from));
      }
      t.equal(statusOf(await options({ method: 'INVITE', uri: 'sip:4000%00@h' })), '400');
      t.equal(statusOf(await options({ method: 'INVITE', uri: 'gopher:4000' })), '416');
      t.equal(lingting.events.filter((one) => one['Event-Name'] === 'CHANNEL_CREATE').length, 0);
    });

    await t.test(
      'given the messages of RFC 4475 as datagrams, then each has its answer',
      async (t) => {
        const odd = await openRawSip('127.0.0.3');
        t.teardown(() => odd.close());
        for (const { name, bytes, udp } of tortures) {
          const text = bytes.toString('latin1');
          // Answers go to the port that Via names, unless it asks for ours; streams are another call.
          const asking = text
            .replace(/SIP\s*\/\s*\d\.\d\s*\/\s*\w+\s+[\w.-]+(:\d+)?/, '$&;rport')
            .replace(/^(?:call-id|i) *: *\S+/im, '$&0');
          const id = /^(?:call-id|i) *: *(\S+)|^cseq *: *(\d{5,})/im.exec(text);
          const mine = () =>
            odd.received
              .filter((one) => one.includes(id?.[1] ?? id?.[2] ?? '?') && !one.includes(' 100 '))
              .map((one) => Number(statusOf(one)));
          odd.send(Buffer.from(asking, 'latin1'), port);
          t.equal(statusOf(await options()), '200', `others are answered behind ${name}`);
          if (udp.length > 0) await until(`an answer to ${name}`, () => mine().length > 0);
          t.same([...new Set(mine())], udp, name);
        }
      },
    );

    await t.test(
      'given the messages of RFC 4475 in streams, then each has its answer',
      async (t) => {
        for (const { name, bytes, tcp } of tortures) {
          const socket = connect({ port, host: '127.0.0.1', localAddress: '127.0.0.4' });
          socket.on('error', () => undefined);
          let heard = '';
          socket.on('data', (data) => (heard += data.toString('latin1')));
          const said = () => [
            ...[...heard.matchAll(/^SIP\/2\.0 ([2-6]\d\d)/gm)].map((one) => Number(one[1])),
            ...(socket.closed ? ['closed' as const] : []),
          ];
          socket.write(bytes);
          await until(`${name}: ${tcp.join()}`, () => said().length >= tcp.length);
          t.same(said(), tcp, name);
          if (!tcp.includes('closed')) {
            const via = 'SIP/2.0/TCP 127.0.0.4:1;branch=z9hG4bKbehind';
            socket.write(rawRequest({ localPort: 1, via }));
            await until(`the connection goes on behind ${name}`, () => /behind/.test(heard));
            t.same(said(), [...tcp, 200], `${name}, and what comes behind it`);
          }
          socket.destroy();
          t.equal(statusOf(await options()), '200', `others are answered behind ${name}`);
        }
        t.equal(lingting.events.filter((one) => one['Event-Name'] === 'CHANNEL_CREATE').length, 0);
      },
    );

    await t.test('given the same request by two ways, then 482 for the second', async (t) => {
      const id = 'merged-1';
      const same = {
        method: 'INVITE',
        callId: id,
        from: '<sip:1@h>;tag=m',
        body: rawSdp(raw.port),
      };
      const branch = (name: string) => ({
        via: `SIP/2.0/UDP 127.0.0.1:${raw.port};branch=z9hG4bK${name};rport`,
      });
      raw.send(rawRequest({ ...same, localPort: raw.port, ...branch('one') }), port);
      await raw.answer((one) => one.includes('z9hG4bKone'), 'the first one is taken');
      raw.send(rawRequest({ ...same, localPort: raw.port, ...branch('two') }), port);
      const second = await raw.answer((one) => one.includes('z9hG4bKtwo'), 'an answer');
      t.equal(statusOf(second), '482');
    });

    await t.test(
      'given a Via with another port and no rport, then the answer goes there',
      async (t) => {
        const other = await openRawSip();
        t.teardown(() => other.close());
        const via = `SIP/2.0/UDP 192.0.2.1:${other.port};branch=z9hG4bKother`;
        raw.send(rawRequest({ localPort: raw.port, via }), port);
        const answer = await other.answer((one) => one.includes('z9hG4bKother'), 'the answer');
        t.match(headerIn(answer, 'Via'), /;received=127\.0\.0\.1$/);
      },
    );

    await t.test(
      'given names that exist and that do not, then nothing tells them apart',
      async (t) => {
        const shape = (text: string) =>
          text
            .split('\r\n')
            .map((line) => line.replace(/nonce="[^"]*"|tag=\w+|branch=\w+|(?<=Call-ID: ).*/g, '#'))
            .filter((line) => !/^(From|To|CSeq):/.test(line))
            .join('\n');
        const answers = [];
        for (const name of ['agent1', 'nobody']) {
          const from = `<sip:${name}@127.0.0.1>;tag=${name}`;
          answers.push(shape(await options({ method: 'INVITE', uri: 'sip:999@h', from })));
        }
        t.equal(answers[0], answers[1]);
        t.match(answers[0], /^SIP\/2\.0 407/);
        t.match(answers[0], /algorithm=SHA-256[\s\S]*algorithm=MD5/, 'SHA-256 first');
      },
    );

    await t.test(
      'given thirty wrong passwords, then the right one from the same address',
      async (t) => {
        const wrong = Array.from({ length: 30 }, () => register(raw, port, 'wrong'));
        for (const answer of await Promise.all(wrong)) t.equal(statusOf(answer), '401');
        t.equal(statusOf(await register(raw, port, 'right')), '200');
      },
    );

    await t.test(
      'given 2,000 calls from one address, then a few are answered and SIP too',
      async (t) => {
        const flood = await openRawSip('127.0.0.2');
        t.teardown(() => flood.close());
        for (let at = 0; at < 2000; at += 1) {
          flood.send(
            rawRequest({ method: 'INVITE', localPort: flood.port, body: rawSdp(9) }),
            port,
          );
          if (at % 100 === 99) await new Promise((resolve) => setImmediate(resolve));
        }
        t.equal(statusOf(await options()), '200', 'others are answered');
        await until(
          'the flood to be refused',
          async () => (await refusalsOf(lingting))['call_rate']! > 500,
        );
        const created = lingting.events.filter(
          (one) => one['Event-Name'] === 'CHANNEL_CREATE',
        ).length;
        t.ok(created < 200, `${created} calls`);
        await lingting.esl.api('hupall');
      },
    );

    await t.test(
      'given connections that say nothing, then they end and others get in',
      async (t) => {
        const sockets: Socket[] = [];
        const open = () => {
          const socket = connect(port, '127.0.0.1');
          socket.on('error', () => undefined);
          sockets.push(socket);
          return socket;
        };
        t.teardown(() => sockets.forEach((one) => one.destroy()));
        for (let at = 0; at < 20; at += 1) open().write('OPTIONS sip:x SIP/2.0\r\nVia: ');
        await until('all of them to be closed', () => sockets.every((one) => one.closed));
        const socket = open();
        socket.write(rawRequest({ localPort: 1, via: 'SIP/2.0/TCP 127.0.0.1:1;branch=z9hG4bKt' }));
        const [answer] = (await once(socket, 'data')) as [Buffer];
        t.equal(statusOf(answer.toString()), '200');
        const { connections = 0, unfinished = 0 } = await refusalsOf(lingting);
        t.ok(connections >= 10 && unfinished >= 5, 'both are counted');
      },
    );

    await t.test(
      'given a browser page of another origin, then its socket is refused',
      async (t) => {
        const open = (origin?: string) => {
          const socket = new WebSocket(`ws://127.0.0.1:${lingting.wsPort}`, 'sip', { origin });
          return new Promise<string>((resolve) => {
            socket.on('open', () => {
              socket.close();
              resolve('open');
            });
            socket.on('error', (error) => resolve(error.message));
          });
        };
        t.match(await open('https://evil.example'), /403/);
        t.equal(await open('http://127.0.0.1:8080'), 'open');
        t.equal(await open(), 'open', 'no browser');
        t.equal((await refusalsOf(lingting))['origin'], 1);
      },
    );

    await t.test(
      'given long blanks in headers and datagrams over 16 kB, then it still answers',
      async (t) => {
        const blanks = ' '.repeat(12_000);
        for (const to of [
          `a${blanks}b`,
          `"${blanks}`,
          `<${'<'.repeat(12_000)}`,
          `a;${blanks};tag=`,
        ]) {
          raw.send(rawRequest({ localPort: raw.port, to }), port);
        }
        raw.send(Buffer.alloc(20_000, 'x'), port);
        t.equal(statusOf(await options()), '200');
        t.equal((await refusalsOf(lingting))['too_long'], 1);
      },
    );
  },
);

void t.test(
  'given calls of one trunk that nobody acknowledges, then SIP keeps answering',
  { skip: isFreeswitch && 'about our own SIP' },
  async (t) => {
    const trunks = { carrier: { from: ['127.0.0.0/8'] } };
    const few = { ...defaultSipLimits, trunkCallsPerSecond: 1000, unconfirmedCalls: 20 };
    const lingting = await startSwitch({ trunks, limits: few });
    const raw = await openRawSip();
    t.teardown(async () => {
      raw.close();
      await lingting.close();
    });
    const call = () => rawRequest({ method: 'INVITE', localPort: raw.port, body: rawSdp(9) });
    for (let at = 0; at < 60; at += 1) raw.send(call(), lingting.sipPort);
    await until(
      '40 to be refused',
      async () => (await refusalsOf(lingting))['unconfirmed_calls'] === 40,
    );
    const answer = await ask(raw, lingting.sipPort, rawRequest({ localPort: raw.port }));
    t.equal(statusOf(answer), '200');
    const created = () => lingting.events.filter((one) => one['Event-Name'] === 'CHANNEL_CREATE');
    t.equal(created().length, 20);
    await lingting.esl.api('hupall');
    await until('places to be free again', () => {
      raw.send(call(), lingting.sipPort);
      return created().length > 20;
    });
  },
);

void t.test(
  'given a telephone behind NAT, then our requests reach it where it is',
  { skip: isFreeswitch && 'about our own SIP' },
  async (t) => {
    const lingting = await startSwitch({ users });
    const raw = await openRawSip();
    t.teardown(async () => {
      raw.close();
      await lingting.close();
    });
    const contact = '<sip:agent1@10.99.0.2:5060>';
    t.equal(statusOf(await register(raw, lingting.sipPort, 'right', contact)), '200');
    void lingting.esl.api('originate user/agent1 &park').catch(() => undefined);
    const invite = await raw.answer((one) => one.startsWith('INVITE'), 'its call');
    const kept = invite.split('\r\n').filter((line) => /^(Via|From|Call-ID|CSeq):/.test(line));
    const to = `${headerIn(invite, 'To') ?? ''};tag=phone`;
    const sdp = rawSdp(raw.port);
    raw.send(
      [
        'SIP/2.0 200 OK',
        ...kept,
        `To: ${to}`,
        `Contact: ${contact}`,
        'Content-Type: application/sdp',
      ]
        .concat([`Content-Length: ${sdp.length}`, '', sdp])
        .join('\r\n'),
      lingting.sipPort,
    );
    await raw.answer((one) => one.startsWith('ACK sip:agent1@10.99.0.2'), 'the ACK');
    await lingting.esl.api('hupall');
    await raw.answer((one) => one.startsWith('BYE'), 'the BYE');
  },
);

void t.test(
  'calls that strangers know by name, and requests in calls that there are not',
  { skip: isFreeswitch && 'about our own SIP' },
  async (t) => {
    const refusals = new Refusals(silentLog());
    const few = { ...defaultSipLimits, unconfirmedCalls: 3, transactions: 20 };
    const sessions: InboundSession[] = [];
    const agent = await createUserAgent(
      {
        ...{ host: '127.0.0.1', port: 0, directory: noDirectory, realm: 'x', userAgent: 'x' },
        ...{ maxSessions: 1000, limits: few, refusals },
      },
      silentLog(),
    );
    agent.isOpenDestination = () => true;
    agent.onInvite = (session) => {
      sessions.push(session);
      session.ring();
    };
    const [raw, thief] = [await openRawSip(), await openRawSip('127.0.0.98')];
    t.teardown(async () => {
      raw.close();
      thief.close();
      await agent.close();
    });
    const from = '<sip:1@127.0.0.1>;tag=caller';
    const invite = (callId: string) =>
      raw.send(
        rawRequest({ method: 'INVITE', localPort: raw.port, callId, from, body: rawSdp(9) }),
        agent.port,
      );
    const heardOf = (callId: string, status: string) =>
      raw.answer((one) => statusOf(one) === status && headerIn(one, 'Call-ID') === callId, status);
    const within = async (who: RawSip, method: string, more: Partial<RawRequest>) => {
      const text = rawRequest({ method, localPort: who.port, ...more });
      const lines = text.replace(
        /127\.0\.0\.1:(?=\d+;branch)/,
        `${who === thief ? '127.0.0.98' : '127.0.0.1'}:`,
      );
      if (method !== 'ACK') return statusOf(await ask(who, agent.port, lines));
      who.send(lines, agent.port);
      return '';
    };

    await t.test('given ACKs before any answer, then the calls still count', async (t) => {
      for (const callId of ['early-0', 'early-1', 'early-2']) {
        invite(callId);
        const to = headerIn(await heardOf(callId, '180'), 'To') ?? '';
        await within(raw, 'ACK', { callId, from, to });
      }
      let isConfirmed = false;
      sessions[0]!.onConfirmed = () => (isConfirmed = true);
      invite('early-3');
      await heardOf('early-3', '503');
      sessions[0]!.answer(rawSdp(10));
      const to = headerIn(await heardOf('early-0', '200'), 'To') ?? '';
      const names = { callId: 'early-0', from, to };
      await within(raw, 'ACK', { ...names, cseq: 7 });
      await within(thief, 'ACK', names);
      await within(raw, 'ACK', { ...names, from: '<sip:1@127.0.0.1>;tag=guessed' });
      invite('early-4');
      await heardOf('early-4', '503');
      t.equal(isConfirmed, false);
      await within(raw, 'ACK', names);
      await until('the call to be confirmed', () => isConfirmed);
      invite('early-5');
      await heardOf('early-5', '180');
    });

    await t.test('given its names from elsewhere or a wrong From tag, then 481', async (t) => {
      let keys = 0;
      sessions[0]!.onInfo = () => (keys += 1);
      const to = headerIn(await heardOf('early-0', '200'), 'To') ?? '';
      const names = { callId: 'early-0', from, to };
      const guessed = { ...names, from: '<sip:1@127.0.0.1>;tag=guessed' };
      for (const method of ['INFO', 'INVITE', 'BYE']) {
        t.equal(await within(thief, method, { ...names, cseq: 900 }), '481');
        t.equal(await within(raw, method, { ...guessed, cseq: 901 }), '481');
      }
      t.equal(keys, 0);
      t.equal(refusals.counts['foreign_request'], 6 + 2 - 2);
      t.equal(await within(raw, 'INFO', { ...names, cseq: 2 }), '200', 'its own go on');
      const moved = await openRawSip();
      t.teardown(() => moved.close());
      t.equal(await within(moved, 'INFO', { ...names, cseq: 3 }), '200', 'from another port too');
      t.equal(keys, 2);
      t.equal(await within(raw, 'BYE', { ...names, cseq: 4 }), '200');
    });

    await t.test('given thousands with made-up To tags, then others are answered', async (t) => {
      const flood = () => {
        for (let at = 0; at < 200; at += 1) {
          const to = `<sip:4000@127.0.0.1>;tag=${at}`;
          thief.send(rawRequest({ localPort: thief.port, method: 'INFO', to }), agent.port);
        }
      };
      const counted = () => refusals.counts;
      await until('them to be counted', () => {
        flood();
        return (counted()['unknown_dialog'] ?? 0) > 500 && (counted()['message_rate'] ?? 0) > 500;
      });
      // The system drops datagrams that nobody has read yet: sent again as RFC 3261 section 17.1.2 has it.
      const options = rawRequest({ method: 'OPTIONS', localPort: raw.port });
      const again = setInterval(() => raw.send(options, agent.port), 500);
      t.teardown(() => clearInterval(again));
      t.equal(statusOf(await ask(raw, agent.port, options)), '200');
      t.equal(counted()['transactions'], undefined, 'and nothing is kept of them');
    });

    await t.test('given more requests than one address may have kept, then 503', async (t) => {
      const other = await openRawSip('127.0.0.99');
      t.teardown(() => other.close());
      const answers: string[] = [];
      for (let at = 0; at < 25; at += 1) {
        const text = rawRequest({ localPort: other.port });
        answers.push(statusOf(await ask(other, agent.port, text)));
      }
      t.same(answers, [...Array<string>(20).fill('200'), ...Array<string>(5).fill('503')]);
      t.equal(refusals.counts['transactions'], 5);
    });
  },
);

void t.test('SIP over TLS', { skip: isFreeswitch && 'about our own SIP' }, async (t) => {
  const { certFile, keyFile } = selfSigned(t.testdir());
  const agent = await createUserAgent(
    {
      ...{ host: '127.0.0.1', port: 0, directory: noDirectory, realm: 'x', userAgent: 'x' },
      ...{ maxSessions: 10, tls: { port: 0, certFile, keyFile } },
    },
    silentLog(),
  );
  t.teardown(() => agent.close());
  const socket = connectTls({ port: agent.tlsPort ?? 0, rejectUnauthorized: false });
  t.teardown(() => socket.destroy());
  await once(socket, 'secureConnect');
  socket.write(rawRequest({ localPort: 1, via: 'SIP/2.0/TLS 127.0.0.1:1;branch=z9hG4bKs' }));
  const [answer] = (await once(socket, 'data')) as [Buffer];
  t.equal(statusOf(answer.toString()), '200');
});

void t.test(
  'given 64 idle clients of the event socket, then whoever has the password gets in',
  { skip: isFreeswitch && 'about our own event socket' },
  async (t) => {
    const lingting = await startSwitch();
    const { host, port, password } = lingting.address;
    const idle = Array.from({ length: 64 }, () =>
      connect(port, host)
        .on('error', () => undefined)
        .resume(),
    );
    t.teardown(async () => {
      for (const one of idle) one.destroy();
      await lingting.close();
    });
    await Promise.all(idle.map((one) => once(one, 'connect')));
    const open = () => EslConnection.open({ host, port, password }, () => undefined);
    const clients = [await open()];
    t.equal(await clients[0]?.api('echo x'), 'x');
    await until('the idle ones to be closed', () => idle.every((one) => one.closed));
    t.ok((await refusalsOf(lingting))['event_socket_login']! >= 64);
    while (clients.length < 63) clients.push(await open());
    t.teardown(() => clients.forEach((one) => one.close()));
    await t.rejects(open(), { code: 'switch.full' }, 'and the 65th that logs in is told why');
  },
);
