import { odd, pick, seldom, type Random } from './random.ts';
import { generate as sdp } from './sdp.ts';

/** Whom a message is to reach, where that matters: a running switch, and a call of its. */
export interface Target {
  uri: string;
  /** `host:port` of whoever sends. */
  sentBy: string;
  transport: string;
  /** From, To and Call-ID of a call that lives; left out, it is a call of its own. */
  dialog?: { from: string; to: string; callId: string };
  /** Some of its methods would end the call, and are left out. */
  isKept?: boolean;
}

const anywhere: Target = {
  uri: 'sip:4000@127.0.0.1',
  sentBy: '192.0.2.1:5060',
  transport: 'UDP',
};

const methods = [
  ...['INVITE', 'INVITE', 'OPTIONS', 'REGISTER', 'ACK', 'BYE', 'CANCEL', 'INFO', 'UPDATE', 'REFER'],
  ...['NOTIFY', 'SUBSCRIBE', 'MESSAGE', 'PRACK', 'invite', "!odd'~", 'A'.repeat(70)],
];
const ending = ['BYE', 'CANCEL', 'REFER'];
const compact: Readonly<Record<string, string>> = {
  ...{ Via: 'v', From: 'f', To: 't', 'Call-ID': 'i', Contact: 'm', 'Content-Type': 'c' },
  ...{ 'Content-Length': 'l', Supported: 'k', 'Refer-To': 'r', 'Session-Expires': 'x', Event: 'o' },
};
const uris = [
  'sip:4000@127.0.0.1',
  'sip:+86-138-0000-0001@h;user=phone',
  'sips:a:secret@[2001:db8::1]:5061;transport=tls?Subject=x&Replaces=a%3Bb',
  'tel:(021)5555.0119;phone-context=+86',
  'sip:%00@h',
  'sip:%75se%72@example.com;lr;%6C=1',
  "sip:1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*@example.com",
  'sip:h',
  'sip:@',
  'sip:a@h:99999',
  'mailto:x@y',
  'soap.beep://192.0.2.103:3002',
  '*',
];
const names = ['', '"A \\" B" ', 'Bell, Alexander ', '"', '大 ', '"\\\0" ', 'a  b', '<'];
const types = [
  'application/sdp',
  'application/sdp; charset=x',
  'application/dtmf-relay',
  'application/dtmf',
  'multipart/mixed;boundary=x',
  'text/plain',
  'application / sdp',
  ';;',
];
const others: readonly ((random: Random) => string)[] = [
  () => 'Max-Forwards: 70',
  (random) => `Max-Forwards: ${odd(random)}`,
  (random) => `Require: ${pick(random, ['timer', 'replaces', '100rel, x', ',,', 'timer,timer'])}`,
  () => 'Supported: timer, replaces, 100rel',
  (random) => `Session-Expires: ${random(2000)};refresher=${pick(random, ['uac', 'uas', 'x'])}`,
  (random) => `Min-SE: ${odd(random)}`,
  (random) => `Expires: ${pick(random, ['0', '60', '-1', '1'.padEnd(100, '0')])}`,
  (random) => `Route: <${pick(random, uris)};lr>, <${pick(random, uris)}>`,
  (random) => `Record-Route: ${address(random)}`,
  (random) => `P-Asserted-Identity: ${address(random)}, ${address(random)}`,
  (random) => `Privacy: ${pick(random, ['id', 'none', 'header;id', odd(random)])}`,
  (random) => `Refer-To: ${address(random)}`,
  (random) => `Referred-By: ${address(random)}`,
  (random) => `Replaces: ${odd(random)};to-tag=a;from-tag=${odd(random)}`,
  (random) => `Subject: ${odd(random)}`,
  (random) =>
    `Authorization: Digest username="${odd(random)}", realm="lingting", nonce="${random(99)}", uri="sip:x", response="${'a'.repeat(32)}", qop=auth, nc=0000000${random(9)}, cnonce="x"`,
  (random) => `Authorization: ${odd(random)}`,
  (random) => `Reason: Q.850;cause=${random(200)};text="${odd(random)}"`,
  (random) => `Accept: ${pick(random, ['application/sdp', '*/*', 'text/x', ''])}`,
  (random) => `Date: ${odd(random)}`,
  (random) => `X-${'Long'.repeat(random(40))}: ${'v'.repeat(random(500))}`,
  (random) => `${odd(random)}: ${odd(random)}`,
  (random) => odd(random),
];

function address(random: Random): string {
  const uri = seldom(random, 12) ? `sip:${odd(random)}@h` : pick(random, uris);
  const tag = seldom(random, 3) ? `;tag=${random(1000)}` : '';
  return seldom(random, 5) ? `${uri}${tag}` : `${pick(random, names)}<${uri}>${tag}`;
}

/** A message as text; sound as often as not. */
export function sipMessage(random: Random, target: Target = anywhere): string {
  const isResponse = target === anywhere ? seldom(random, 6) : seldom(random, 40);
  const allowed = target.isKept === true ? methods.filter((one) => !ending.includes(one)) : methods;
  const method = pick(random, allowed);
  const start = isResponse
    ? `SIP/2.0 ${pick(random, ['100', '180', '200', '302', '401', '486', '700', '99', '4294967301'])} ${pick(random, ['OK', '', odd(random)])}`
    : `${method} ${seldom(random, 8) ? pick(random, uris) : target.uri} ${seldom(random, 30) ? pick(random, ['SIP/7.0', 'SIP/2', 'HTTP/1.1', ' ']) : 'SIP/2.0'}`;
  const body = bodyOf(random, method);
  const id = `${random(1_000_000)}-${random(1_000_000)}`;
  const { dialog } = target;
  const lines = [
    `Via: SIP/2.0/${target.transport} ${target.sentBy};branch=z9hG4bK${id}${seldom(random, 6) ? odd(random) : ';rport'}`,
    `From: ${dialog?.from ?? (seldom(random, 4) ? address(random) : `<sip:1${random(1000)}@h>;tag=${id}`)}`,
    `To: ${dialog?.to ?? (seldom(random, 4) ? address(random) : `<${target.uri}>`)}`,
    `Call-ID: ${dialog?.callId ?? id}`,
    `CSeq: ${seldom(random, 30) ? odd(random) : random(1_000_000)} ${seldom(random, 30) ? 'INVITE' : method}`,
    `Contact: ${seldom(random, 4) ? address(random) : `<sip:x@${target.sentBy}>`}`,
  ];
  for (let more = random(5); more > 0; more -= 1) lines.push(pick(random, others)(random));
  if (body.text !== '') lines.push(`Content-Type: ${body.type}`);
  if (!seldom(random, 10)) lines.push(`Content-Length: ${lengthOf(random, body.text)}`);
  return [start, ...odder(random, lines), '', body.text].join(seldom(random, 20) ? '\n' : '\r\n');
}

function lengthOf(random: Random, body: string): string {
  const length = Buffer.byteLength(body);
  if (!seldom(random, 12)) return String(length);
  return pick(random, [
    `${length + 1}`,
    `00${length}`,
    `${length - 1}`,
    '-999',
    '99999999',
    ' ',
    '0x10',
  ]);
}

function bodyOf(random: Random, method: string): { type: string; text: string } {
  const kind = random(10);
  if (kind === 0) return { type: pick(random, types), text: odd(random) };
  if (kind === 1) {
    return { type: 'multipart/mixed;boundary=x', text: multipart(random, 1 + random(6)) };
  }
  if (method === 'INFO') {
    const key = pick(random, ['5', '*', '10', '16', 'hf', odd(random)]);
    return { type: pick(random, types), text: `Signal=${key}\r\nDuration=${odd(random)}\r\n` };
  }
  const hasSdp = method === 'INVITE' || method === 'UPDATE' || seldom(random, 6);
  return hasSdp && !seldom(random, 8)
    ? { type: seldom(random, 10) ? pick(random, types) : 'application/sdp', text: sdp(random) }
    : { type: '', text: '' };
}

function multipart(random: Random, depth: number): string {
  const inner =
    depth === 0
      ? sdp(random)
      : `Content-Type: multipart/mixed;boundary=x\r\n\r\n${multipart(random, depth - 1)}`;
  return `--x\r\nContent-Type: application/sdp\r\n\r\n${inner}\r\n--x${seldom(random, 3) ? '' : '--'}\r\n`;
}

/** Folded, compact, padded, doubled, missing and in another order. */
function odder(random: Random, lines: readonly string[]): string[] {
  const written = lines.map((line) => {
    const at = line.indexOf(':');
    const [name, value] = [line.slice(0, Math.max(0, at)), line.slice(at + 1)];
    switch (random(24)) {
      case 0:
        return `${compact[name] ?? name}:${value}`;
      case 1:
        return `${name.toUpperCase()}  :${' '.repeat(random(seldom(random, 20) ? 9000 : 40))}${value}`;
      case 2:
        return line.replace(' ', pick(random, ['\r\n ', '\r\n\t', '\r\n \r\n ', '\n  ']));
      case 3:
        return line.replaceAll(';', pick(random, [' ; ', ';\r\n ', ';;', ' ;']));
      case 4:
        return `${line}${seldom(random, 10) ? `,${value}`.repeat(random(60)) : `,${value}`}`;
      default:
        return line;
    }
  });
  if (seldom(random, 8)) written.splice(random(written.length), 1);
  if (seldom(random, 8)) written.push(pick(random, written));
  if (seldom(random, 8)) written.reverse();
  if (seldom(random, 200)) written.push(...Array<string>(random(400)).fill(pick(random, written)));
  return written;
}
