import t from 'tap';
import { EventEmitter } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import * as eventSocket from '../../bench/fuzz/event-socket.ts';
import * as sdp from '../../bench/fuzz/sdp.ts';
import * as sip from '../../bench/fuzz/sip.ts';
import { EslConnection, type EslEvent } from '../../src/cti/esl/connection.ts';
import { readMessages } from '../../src/cti/esl/parser.ts';
import { FrameReader } from '../../src/switch/esl/frames.ts';
import { StepCounter } from '../support/steps.ts';
import { until } from '../support/until.ts';

void t.test('given seeded nonsense, then readers refuse it in their own words', (t) => {
  for (const { protocol, run, least } of [
    { ...sip, least: 400 },
    { ...sdp, least: 300 },
    { ...eventSocket, least: 1000 },
  ]) {
    t.ok(run(1, 2000) > least, protocol);
  }
  t.end();
});

/** What a peer may repeat, and where. */
const repeated = [
  ' ',
  '\t',
  '<',
  '>',
  '"',
  '\\',
  ';',
  ',',
  '=',
  '%',
  ':',
  '@',
  '/',
  '.',
  '-',
  '\r\n ',
  'a',
  '0',
  'a=b;',
  '"a",',
  '<a>,',
  '${',
  '?',
  '&',
  '\0',
  '{',
  "'",
  '|',
];
const heads = [
  'To: x',
  'Via: SIP/2.0/UDP h',
  'From: "',
  'Contact: <sip:a',
  'Contact: sip:a;',
  'l',
  'Content-Length:',
  'Authorization: Digest ',
  'Authorization: Digest a="',
  'Refer-To: <sip:1@h?Replaces=',
  'Session-Expires: 90;',
  'Require: ',
  'Route: <',
  'CSeq: ',
  'Accept: ',
  'X',
];

void t.test('given four times as much of anything, then reading costs four times as much', (t) => {
  const steps = new StepCounter(/\/src\/(switch|cti|core)\/|fuzz\.test/);
  t.teardown(() => steps.close());
  const cases: { what: string; work: (unit: string, size: number) => () => void }[] = [
    ...heads.map((head) => ({
      what: head,
      work: (unit: string, size: number) => {
        const bytes = Buffer.from(
          `INVITE sip:4000@h SIP/2.0\r\nCSeq: 1 INVITE\r\nCall-ID: x\r\n${head}${unit.repeat(size / unit.length)}b\r\n\r\n`,
        );
        return () => {
          sip.read(bytes);
          sip.frame([bytes]);
          sip.frame(Array.from(bytes.subarray(0, 150), (byte) => Buffer.from([byte])));
        };
      },
    })),
    {
      what: 'm=audio 4000 RTP/AVP 8',
      work: (unit, size) => {
        const text = `v=0\r\nc=IN IP4 127.0.0.1\r\nm=audio 4000 RTP/AVP 8\r\n${`a=x${unit}\r\n`.repeat(size / (6 + unit.length))}`;
        return () => void sdp.read(text);
      },
    },
    {
      what: 'sendmsg',
      work: (unit, size) => {
        const bytes = Buffer.from(`sendmsg x\na: ${unit.repeat(size / unit.length)}\n\n`);
        return () => void eventSocket.readCommands(new FrameReader({ isTrusted: true }), [bytes]);
      },
    },
    {
      what: 'originate',
      work: (unit, size) => {
        const bytes = Buffer.from(`api originate ${unit.repeat(size / unit.length)}\n\n`);
        return () => void eventSocket.readCommands(new FrameReader({ isTrusted: true }), [bytes]);
      },
    },
    {
      what: 'small answers',
      work: (unit, size) => {
        const bytes = Buffer.from(`A: ${unit}\n\n`.repeat(size / (5 + unit.length)));
        return () => void eventSocket.readAnswers([bytes]);
      },
    },
    {
      what: 'a long answer in chunks',
      work: (unit, size) => {
        const body = unit.repeat(size / unit.length);
        const head = `Content-Type: api/response\nContent-Length: ${Buffer.byteLength(body)}\n\n`;
        const bytes = Buffer.from(head + body);
        const chunks = Array.from({ length: size / 50 }, (_, at) =>
          bytes.subarray(at * 50, at * 50 + 50),
        );
        return () => void eventSocket.readAnswers(chunks);
      },
    },
  ];
  for (const { what, work } of cases) {
    // One that grows like a square would outweigh all others; which it was is told by looking at each.
    const isSteep = (units: readonly string[]) => {
      const at = (size: number) => {
        const all = units.map((unit) => work(unit, size));
        return steps.count(() => all.forEach((one) => one()));
      };
      at(200);
      return at(4000) > 4.4 * at(1000) + 2000;
    };
    t.same(isSteep(repeated) ? repeated.filter((unit) => isSteep([unit])) : [], [], what);
  }
  const square = (size: number) => () => {
    for (let at = 0; at < size; at += 1) for (let to = 0; to < at; to += 1);
  };
  t.ok(steps.count(square(400)) > 10 * steps.count(square(100)), 'a square would be seen');
  t.end();
});

void t.test(
  'given 20,000 small messages in one chunk, then each is read and the stack holds',
  (t) => {
    const socket = new EventEmitter();
    let count = 0;
    readMessages(
      socket,
      () => (count += 1),
      (error) => t.fail(error.message),
    );
    socket.emit(
      'data',
      Buffer.from('Content-Type: log/data\nContent-Length: 1\n\nx'.repeat(20_000)),
    );
    t.equal(count, 20_000);
    t.end();
  },
);

void t.test(
  'given a switch that sends nonsense, then the connection ends and says so',
  async (t) => {
    for (const [nonsense, isEnded] of [
      ['Content-Type: api/response\nContent-Length: 99999999999\n\n', true],
      ['Content-Type: api/response\nContent-Length: -5\n\n', true],
      ['x'.repeat(300_000), true],
      ['Content-Type: text/event-json\nContent-Length: 4\n\nnull', false],
      ['Content-Type: auth/request\n\n'.repeat(50), false],
    ] as const) {
      const server = createServer((socket) => {
        socket.on('error', () => undefined);
        socket.write('Content-Type: auth/request\n\n');
        socket.once('data', () => {
          socket.write('Content-Type: command/reply\nReply-Text: +OK accepted\n\n');
          socket.write(nonsense);
          const event = JSON.stringify({ 'Event-Name': 'DTMF', variable_list: ['a', 'b'] });
          socket.write(
            `Content-Type: text/event-json\nContent-Length: ${event.length}\n\n${event}`,
          );
        });
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      t.teardown(() => server.close());
      const { port } = server.address() as AddressInfo;
      const events: EslEvent[] = [];
      const opening = EslConnection.open({ host: '127.0.0.1', port, password: 'x' }, (one) =>
        events.push(one),
      );
      // Nonsense in the same packet as the answer to the log-in ends the log-in.
      const client = await opening.catch((error: unknown) => error as Error);
      if (client instanceof Error) {
        t.ok(isEnded, client.message);
        continue;
      }
      if (isEnded) {
        await until('the connection to end', () => client.closed.aborted);
        t.same(events, [], nonsense.slice(0, 60));
      } else {
        await until('the event behind it', () => events.length > 0);
        t.same(events, [{ 'Event-Name': 'DTMF' }], 'lists are left out');
      }
      client.close();
    }
  },
);
