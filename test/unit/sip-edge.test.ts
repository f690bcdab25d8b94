import t from 'tap';
import fc from 'fast-check';
import { silentLog } from '../../src/core/log.ts';
import { hotlineOf } from '../../src/switch/legs/hotline-number.ts';
import { ConnectionGuard } from '../../src/switch/sip/transport/connections.ts';
import { DigestGuard, type DigestClaim } from '../../src/switch/sip/digest/digest-guard.ts';
import { digestResponse, ha1Of, parseDigest } from '../../src/switch/sip/digest/digest-hash.ts';
import { Framer } from '../../src/switch/sip/transport/framer.ts';
import { sourceOf } from '../../src/core/addresses.ts';
import { MessageRate, TokenBuckets } from '../../src/switch/sip/transport/guards.ts';
import {
  parseNameAddress,
  parseRequestUri,
  parseUri,
} from '../../src/switch/sip/message/headers.ts';
import { Inbox } from '../../src/switch/sip/transport/inbox.ts';
import { defaultSipLimits, Refusals } from '../../src/switch/sip/transport/limits.ts';
import {
  headersOf,
  parseMessage,
  SipSyntaxError,
  tokensOf,
  type SipRequest,
} from '../../src/switch/sip/message/message.ts';
import { referOf } from '../../src/switch/sip/session/referral.ts';
import type { Flow } from '../../src/switch/sip/transport/transport.types.ts';
import { clientOf, isOriginAllowed, networkList } from '../../src/switch/sip/transport/origins.ts';
import { responseAddress, stampVia } from '../../src/switch/sip/message/via.ts';

/** The SIP status that reading it is refused with. */
function statusOf(read: () => unknown): number {
  try {
    read();
  } catch (error) {
    if (error instanceof SipSyntaxError) return error.status;
    throw error;
  }
  return 200;
}

const invite = (extra = '', body = '') =>
  Buffer.from(
    `INVITE sip:4000@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.9:5099;branch=z9hG4bKx\r\n` +
      `From: <sip:1@h>;tag=a\r\nTo: <sip:4000@h>\r\nCall-ID: x\r\nCSeq: 1 INVITE\r\n${extra}\r\n${body}`,
  );
const request = (extra = '', body = '') => {
  const message = parseMessage(invite(extra, body));
  if (message.kind !== 'request') throw new Error('a request was written');
  return message;
};

void t.test('given a padded, folded or compact Content-Length, framer and parser agree', (t) => {
  for (const header of [
    'Content-Length: 4',
    'Content-Length   :    4   ',
    'l: 4',
    'L:4',
    'l:\r\n   4',
    'l: \r\n\t \r\n 4',
    `l:${' '.repeat(9000)}4`,
  ]) {
    const bytes = invite(`${header}\r\n`, 'abcd');
    const framed = new Framer().push(Buffer.concat([bytes, bytes]));
    t.equal(framed.length, 2, `two messages with ${header.slice(0, 20)}`);
    for (const one of framed) t.equal(parseMessage(one).body, 'abcd');
  }
  for (const header of ['l: 4\r\nContent-Length: 5', 'l: -1', 'l: 4x', 'l: 99999999']) {
    t.throws(() => new Framer().push(invite(`${header}\r\n`, 'abcd')), header);
    t.throws(() => parseMessage(invite(`${header}\r\n`, 'abcd')), header);
  }
  t.end();
});

void t.test(
  'given a stream cut anywhere, the same messages come out, each byte looked at once',
  (t) => {
    const stream = Buffer.concat([
      Buffer.from('\r\n\r\n'),
      invite('l: 3\r\n', 'abc'),
      Buffer.from(invite('l: 2\r\n', 'de').toString().replaceAll('\r\n', '\n')),
    ]);
    const whole = new Framer().push(stream);
    t.equal(whole.length, 2);
    fc.assert(
      fc.property(fc.array(fc.nat(stream.length), { maxLength: 12 }), (cuts) => {
        const framer = new Framer();
        const at = [0, ...cuts.sort((a, b) => a - b), stream.length];
        const out = at
          .slice(1)
          .flatMap((end, index) => framer.push(stream.subarray(at[index], end)));
        return out.length === 2 && out.every((one, index) => one.equals(whole[index]!));
      }),
    );
    t.throws(() => new Framer().push(Buffer.alloc(20_000, 'x')), 'a head that never ends');
    t.end();
  },
);

void t.test('lists are read as lists over all their headers', (t) => {
  const { headers } = request(
    'Require: timer, replaces\r\nRequire: 100rel\r\nk: timer ,\r\n x\r\nContact: <sip:a@b;x=1,2>, "c,d" <sip:e@f>\r\n',
  );
  t.same(tokensOf(headers, 'require'), ['timer', 'replaces', '100rel']);
  t.same(tokensOf(headers, 'supported'), ['timer', 'x']);
  t.same(headersOf(headers, 'contact'), ['<sip:a@b;x=1,2>', '"c,d" <sip:e@f>']);
  t.end();
});

void t.test('one number in many spellings of a URI is one number', (t) => {
  const users: Readonly<Record<string, string>> = {
    'sip:+8613800000001@h;user=phone': '+8613800000001',
    'sip:+86-138-0000-0001@h': '+8613800000001',
    'sip:%2B86%31380000-0001@h': '+8613800000001',
    'tel:+86-138-0000-0001': '+8613800000001',
    'tel:(021)5555.0119;phone-context=+86': '+862155550119',
    'sip:55550119;phone-context=+8621@h;user=phone': '+862155550119',
    'sip:55550119;phone-context=example.com:secret@h': '55550119',
    'sips:agent-1.x:secret@h:5061;transport=tls?Subject=x': 'agent-1.x',
    'sip:h': '',
    'sip:%e6%9d%8e@[2001:db8::1]:5060': '李',
    'sip:a%ffb@h': 'a%ffb',
  };
  for (const [uri, user] of Object.entries(users)) t.equal(parseUri(uri).user, user, uri);
  t.equal(parseUri('sip:[2001:db8::1]:5070').port, 5070);
  for (const bad of ['sip:138%00@h', 'sip:1%0d%0a2@h', 'sip:a b@h', 'sip:a@h:99999', 'sip:', 'x']) {
    t.throws(() => parseUri(bad), bad);
  }
  t.equal(
    statusOf(() => parseRequestUri('gopher:x')),
    416,
  );
  t.match(parseNameAddress('"a \\"<x>\\" b" <sip:1@h;y=2>;tag="t"'), {
    displayName: 'a "<x>" b',
    uri: { user: '1' },
  });
  const hotlines = new Set(['4000', '02155550119']);
  for (const dialled of ['02155550119', '+862155550119', '00862155550119', '862155550119']) {
    t.equal(hotlineOf(dialled, hotlines), '02155550119', dialled);
  }
  t.equal(hotlineOf('+864000', hotlines), '4000');
  t.equal(hotlineOf('14000', hotlines), undefined);
  t.equal(hotlineOf('agent1', hotlines), undefined);
  t.end();
});

void t.test('control characters in a message are refused with 400, never passed on', (t) => {
  for (const bad of ['X: a\0b\r\n', 'X: a\x1bb\r\n', 'X: a\rb\r\n', 'X\0: a\r\n']) {
    t.equal(
      statusOf(() => parseMessage(invite(bad))),
      400,
      JSON.stringify(bad),
    );
  }
  t.doesNotThrow(() => parseMessage(invite('X: a\tb 您好\r\n')));
  t.end();
});

void t.test('too many headers, values or bytes are refused', (t) => {
  t.throws(() => parseMessage(invite('X: y\r\n'.repeat(200))));
  t.throws(() => parseMessage(invite(`Via: ${'SIP/2.0/UDP a,'.repeat(500)}b\r\n`)));
  t.equal(
    statusOf(() => parseMessage(invite(`X: ${'y'.repeat(17_000)}\r\n`))),
    513,
  );
  t.equal(
    statusOf(() => parseMessage(invite('l: 40000\r\n', 'x'.repeat(40_000)))),
    513,
  );
  t.equal(
    statusOf(() =>
      parseMessage(Buffer.from(invite().toString().replace('SIP/2.0\r', 'SIP/7.0\r'))),
    ),
    505,
  );
  t.end();
});

void t.test('responses go where RFC 3261 section 18.2.2 and RFC 3581 say', (t) => {
  const source = { transport: 'udp', host: '127.0.0.1', port: 40_000 } as const;
  const plain = stampVia(request(), source);
  t.equal(plain.headers[0]?.[1], 'SIP/2.0/UDP 192.0.2.9:5099;branch=z9hG4bKx;received=127.0.0.1');
  t.same(responseAddress(plain, source), { ...source, port: 5099 }, 'the port of Via');
  const via = (text: string) => ({
    ...request(),
    headers: request().headers.map(([name, value]): [string, string] => [
      name,
      name === 'via' ? text : value,
    ]),
  });
  const asked = stampVia(via('SIP/2.0/UDP h;rport;received=6.6.6.6;branch=y'), source);
  t.equal(asked.headers[0]?.[1], 'SIP/2.0/UDP h;branch=y;rport=40000;received=127.0.0.1');
  t.same(responseAddress(asked, source), source, 'the port of the source');
  const bare = via('SIP/2.0/UDP h;maddr=9.9.9.9;branch=y');
  t.same(responseAddress(bare, source), { ...source, port: 5060 }, 'never where a stranger says');
  t.end();
});

function answer(
  challenge: string,
  password: string,
  change: Partial<Record<'uri' | 'nc' | 'qop', string>> = {},
): string {
  const params = parseDigest(challenge)!;
  const algorithm = params.get('algorithm') as 'MD5' | 'SHA-256';
  const nonce = params.get('nonce')!;
  const { uri = 'sip:4000@h', nc = '00000001', qop = 'auth' } = change;
  const response = digestResponse({
    ...{ algorithm, nonce, method: 'INVITE', uri },
    ha1: ha1Of({ username: 'agent1', password }, 'realm', algorithm),
    ...(qop === '' ? {} : { qop: { nc, cnonce: 'c' } }),
  });
  return (
    `Digest username="agent1", realm="realm", nonce="${nonce}", uri="${uri}", response="${response}"` +
    `, algorithm=${algorithm}${qop === '' ? '' : `, qop=${qop}, nc=${nc}, cnonce="c"`}`
  );
}

void t.test('a digest counts once, for one resource, with qop, by SHA-256 or MD5', (t) => {
  let now = 1_000_000;
  const guard = new DigestGuard('realm', () => now);
  const credentials = { username: 'agent1', password: 'right' };
  const secrets = {
    ha1: ha1Of(credentials, 'realm'),
    ha1Sha256: ha1Of(credentials, 'realm', 'SHA-256'),
  };
  const checkUnknown = (header: string) =>
    guard.check(
      guard.claimOf([header]) as DigestClaim,
      { method: 'INVITE', uri: 'sip:4000@h' },
      undefined,
    );
  const check = (header: string) => {
    const claim = guard.claimOf([header]);
    if (claim === undefined || claim === 'stale') return claim ?? 'missing';
    return guard.check(claim, { method: 'INVITE', uri: 'sip:4000@h:5060;x=1' }, secrets);
  };
  const [sha = '', md5 = ''] = guard.challenges(false);
  t.match(sha, /algorithm=SHA-256/, 'the stronger one first');
  t.match(md5, /algorithm=MD5/);
  const first = answer(sha, 'right');
  t.equal(check(first), 'ok');
  t.equal(check(first), 'stale', 'the same again is a replay');
  t.equal(check(answer(md5, 'right', { nc: '00000002' })), 'ok', 'the next count');
  t.equal(check(answer(md5, 'right', { qop: '' })), 'missing', 'without qop it could be replayed');
  t.equal(check(answer(md5, 'wrong', { nc: '00000003' })), 'wrong');
  t.equal(check(answer(md5, 'right', { nc: '00000003', uri: 'sip:4001@h' })), 'wrong');
  t.equal(checkUnknown(answer(md5, 'right', { nc: '00000003' })), 'wrong', 'nobody of that name');
  now += 6 * 60_000;
  t.equal(check(answer(md5, 'right', { nc: '00000004' })), 'stale', 'an old nonce');
  t.equal(check(first.replace(/nonce="[^"]*"/, 'nonce="1.2.3"')), 'stale', 'not ours');
  const claim = guard.claimOf([
    'Basic x',
    first.replace('"realm"', '"other"'),
    first,
  ]) as DigestClaim;
  t.equal(claim.username, 'agent1', 'the answer for our realm among others');
  t.end();
});

void t.test('an address has its share, and one that is quiet is forgotten', (t) => {
  const buckets = new TokenBuckets({ perSecond: 10, burst: 3 });
  const taken = (now: number) => Array.from({ length: 5 }, () => buckets.take('a', now));
  t.same(taken(0), [true, true, true, false, false]);
  t.same(taken(200), [true, true, false, false, false]);
  t.ok(buckets.take('b', 200), 'another one is not touched');
  const turns = new TokenBuckets({ perSecond: 1, burst: 1 });
  t.same(
    [0, 1, 2, 3].map(() => turns.reserve('a', 2000, 0)),
    [0, 1000, 2000, undefined],
  );
  for (let at = 0; at < 50_000; at += 1) buckets.take(`spray ${at}`, 300);
  t.ok(buckets.take('new', 300));
  t.equal(sourceOf('::ffff:192.0.2.1'), '192.0.2.1');
  t.equal(sourceOf('2001:db8:1:2:3:4:5:6'), sourceOf('2001:db8:1:2::1'));
  t.not(sourceOf('2001:db8:1:2::1'), sourceOf('2001:db8:1:3::1'));
  t.end();
});

void t.test('half-open connections of one address leave places, and end in seconds', (t) => {
  let now = 0;
  const limits = { ...defaultSipLimits, connections: 3, unfinishedSec: 10, idleSec: 120 };
  const refusals = new Refusals(silentLog());
  const guard = new ConnectionGuard({ limits, refusals, now: () => now });
  t.teardown(() => guard.close());
  const closed: string[] = [];
  let isInUse = false;
  const open = (name: string, host = '192.0.2.1') =>
    guard.admit(
      host,
      () => closed.push(name),
      () => isInUse,
    );
  const [first, second, third] = [open('1'), open('2'), open('3')];
  t.equal(open('4'), undefined, 'one address has so many');
  t.ok(open('other', '192.0.2.2'), 'others have theirs');
  first?.prove();
  t.ok(open('5'), 'a telephone that logged in does not count');
  second?.onMessage();
  third?.onMessage();
  third?.setUnfinished(true);
  now = 11_000;
  guard.sweep();
  t.same(closed.sort(), ['3', '5', 'other'], 'nothing whole came of them');
  now = 130_000;
  isInUse = true;
  guard.sweep();
  t.equal(closed.length, 3, 'a call runs on it');
  isInUse = false;
  guard.sweep();
  t.ok(closed.includes('2'));
  t.equal(guard.size, 1, 'who logged in stays');
  t.match(refusals.counts, { connections: 1, unfinished: 3, idle: 1 });
  t.end();
});

void t.test('browsers connect from pages of the same host, and from those of the settings', (t) => {
  const may = (origin: string | undefined, host: string, allowed: string[] = []) =>
    isOriginAllowed(origin, host, { allowed });
  t.ok(may(undefined, '127.0.0.1:5066'), 'no browser');
  t.ok(may('http://127.0.0.1:8080', '127.0.0.1:5066'));
  t.ok(may('http://localhost:8080', '127.0.0.1:5066'), 'this machine by its name');
  t.ok(may('https://hotline.example.com', 'hotline.example.com'), 'through a proxy');
  t.ok(may('https://a.example', '10.0.0.1:5066', ['https://a.example']));
  t.notOk(may('https://evil.example', '127.0.0.1:5066'));
  t.notOk(may('null', '127.0.0.1:5066'), 'a sandboxed page');
  t.notOk(may('https://hotline.example.com.evil.example', 'hotline.example.com'));
  const rebound = (host: string, hosts?: string[]) =>
    isOriginAllowed(`http://${host}`, host, { allowed: [], hosts });
  t.notOk(rebound('evil.example:5066', []), 'a page whose name leads to this machine');
  t.notOk(rebound('127.evil.example:5066', ['hotline.example.com']));
  t.ok(rebound('hotline.example.com', ['hotline.example.com']), 'a proxy passes its name on');
  for (const own of ['localhost:5066', '127.0.0.9', '[::1]:5066']) t.ok(rebound(own, []), own);
  t.ok(isOriginAllowed(undefined, 'x', { allowed: [], hosts: [] }), 'no browser');
  const isProxy = networkList(['loopback', '10.1.0.0/16']);
  t.equal(clientOf('127.0.0.1', '6.6.6.6, 192.0.2.7', isProxy), '192.0.2.7');
  t.equal(clientOf('192.0.2.7', '6.6.6.6', isProxy), '192.0.2.7', 'a client is not believed');
  t.equal(clientOf('127.0.0.1', undefined, isProxy), '127.0.0.1');
  t.end();
});

void t.test(
  'during a flood audio has its turn every few milliseconds, and trunks go first',
  (t) => {
    let now = 0;
    const turns: (() => void)[] = [];
    const handled: string[] = [];
    const dropped: string[] = [];
    const inbox = new Inbox({
      handle: (bytes) => {
        handled.push(bytes.toString());
        now += 1;
      },
      isKnown: ({ address }) => address.host === 'trunk',
      onDropped: ({ address }) => dropped.push(address.host),
      now: () => now,
      later: (work) => turns.push(work),
    });
    const flowOf = (host: string): Flow => ({
      ...{ address: { transport: 'udp', host, port: 1 }, isReliable: false, isOpen: true },
      send: () => undefined,
    });
    const [stranger, trunk] = [flowOf('stranger'), flowOf('trunk')];
    for (let at = 0; at < 2500; at += 1) inbox.push(Buffer.from(`s${at}`), stranger);
    for (let at = 0; at < 6; at += 1) inbox.push(Buffer.from(`t${at}`), trunk);
    t.same(handled, ['s0', 's1', 's2', 's3'], 'four milliseconds of work, and no more');
    t.same(dropped, Array<string>(496).fill('stranger'), 'the newest of too many');
    let longest = 0;
    for (let turn = turns.shift(); turn !== undefined; turn = turns.shift()) {
      const since = now;
      turn();
      longest = Math.max(longest, now - since);
    }
    t.equal(longest, 4);
    t.same(handled.slice(4, 12), ['t0', 't1', 't2', 't3', 't4', 't5', 's4', 's5']);
    t.equal(handled.length, 2010, 'everything else, in order');
    inbox.push(Buffer.from('last'), stranger);
    t.equal(handled.at(-1), 'last', 'at once when there is nothing to do');
    inbox.close();
    t.end();
  },
);

void t.test('strangers send less than trunks, which have a share of their own besides', (t) => {
  const rate = new MessageRate({ messagesPerSecond: 10, trunkMessagesPerSecond: 50 });
  const taken = (source: string, isKnown: boolean) =>
    Array.from({ length: 500 }, () => rate.take(source, () => isKnown)).filter(Boolean).length;
  const [stranger, trunk] = [taken('stranger', false), taken('trunk', true)];
  t.ok(stranger >= 20 && stranger < 40, `${stranger}`);
  t.ok(trunk >= 120 && trunk < 200, `${trunk}`);
  t.end();
});

void t.test('given a Refer-To whose Replaces is badly escaped, then it is read as written', (t) => {
  const extra = 'Refer-To: <sip:4000@127.0.0.1?Replaces=a%ffb%3Bto-tag%3D%zz>\r\n';
  const request = parseMessage(invite(extra));
  t.ok(request !== undefined && 'method' in request);
  t.equal(referOf(request as SipRequest)?.replaces, 'a%ffb%3Bto-tag%3D%zz');
  t.end();
});
