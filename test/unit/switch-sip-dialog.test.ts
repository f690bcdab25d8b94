import fc from 'fast-check';
import t from 'tap';
import type { Dialog } from '../../src/switch/sip/session/dialog.ts';
import { isOfFarEnd } from '../../src/switch/sip/session/dialog-peer.ts';
import { DigestClient } from '../../src/switch/sip/digest/digest-client.ts';
import type { Header, SipResponse } from '../../src/switch/sip/message/message.ts';
import {
  answerTimer,
  expiresAfterSec,
  isTooShort,
  SessionTimer,
  termsOfResponse,
  timerHeaders,
} from '../../src/switch/sip/session/session-timer.ts';
import type { Flow } from '../../src/switch/sip/transport/transport.types.ts';
import type { SipTransportName } from '../../src/switch/sip/user-agent.types.ts';
import { until } from '../support/until.ts';
import { isRightDigest, parseRaw } from '../support/raw-sip.ts';

const refusal = (...headers: Header[]): SipResponse => ({
  ...{ kind: 'response', status: 407, reason: '', headers, body: '' },
});
const bye = { method: 'BYE', uri: 'sip:gw@127.0.0.1', body: '' };
const client = () => new DigestClient({ username: 'alice', password: 'secret' });
const proxy = (value: string): Header => ['proxy-authenticate', value];
const md5 = (nonce: string, more = '') => `Digest realm="r", nonce="${nonce}"${more}`;

void t.test('of several challenges the topmost that we can do is answered', (t) => {
  const digest = client();
  const all = [
    proxy('Digest realm="r", nonce="x", algorithm=SHA-999'),
    proxy('Digest realm="r", nonce="n,\\"1", algorithm=SHA-256, qop="auth-int, auth"'),
    proxy(md5('m')),
  ];
  t.ok(digest.take(refusal(...all), { hasAnswered: false }));
  const [answer, ...more] = digest.headersFor(bye);
  t.same(more, [], 'one for one realm');
  t.ok(answer?.[1].includes('nonce="n,\\"1"'), 'as it was written');
  t.match(answer?.[1], /algorithm=SHA-256.*qop=auth, nc=00000001/);
  t.match(digest.headersFor(bye)[0]?.[1], /nc=00000002/, 'each use is counted');
  t.end();
});

void t.test('every algorithm is computed as the far end does', (t) => {
  for (const algorithm of ['MD5', 'SHA-256']) {
    for (const qop of ['', ', qop="auth"']) {
      const digest = client();
      const challenge = `Digest realm="r", nonce="n", algorithm=${algorithm}${qop}`;
      t.ok(digest.take(refusal(proxy(challenge)), { hasAnswered: false }));
      const [name, value] = digest.headersFor(bye)[0] ?? ['', ''];
      const message = parseRaw(`BYE ${bye.uri} SIP/2.0\r\n${name}: ${value}\r\n\r\n`);
      t.ok(isRightDigest(message, 'alice', 'secret'), `${algorithm}${qop}`);
    }
  }
  for (const odd of ['SHA-512-256', 'MD5-sess']) {
    const digest = client();
    t.ok(digest.take(refusal(proxy(md5('n', `, algorithm=${odd}`))), { hasAnswered: false }));
    t.match(digest.headersFor(bye)[0]?.[1], new RegExp(`algorithm=${odd}`));
  }
  t.end();
});

void t.test('a wrong password is sent once, an old nonce is no wrong password', (t) => {
  const digest = client();
  t.ok(digest.take(refusal(proxy(md5('1'))), { hasAnswered: false }));
  t.notOk(digest.take(refusal(proxy(md5('2'))), { hasAnswered: true }));
  t.ok(digest.take(refusal(proxy(md5('3', ', stale=TRUE'))), { hasAnswered: true }));
  const second: Header = ['www-authenticate', 'Digest realm="inner", nonce="4"'];
  t.ok(digest.take(refusal(second), { hasAnswered: true }), 'another realm behind the first');
  t.same(
    digest.headersFor(bye).map(([name]) => name),
    ['proxy-authorization', 'authorization'],
  );
  for (const odd of ['', 'Basic realm="r"', 'Digest', 'Digest realm="x"', md5('5', ', qop="x"')]) {
    t.notOk(client().take(refusal(proxy(odd)), { hasAnswered: false }), odd);
  }
  t.end();
});

void t.test('no challenge whatever makes it fail', (t) => {
  const part = fc.constantFrom('Digest ', 'realm=', '"r"', 'nonce=', ',', '"', 'qop="auth"', '\\');
  const value = fc.array(fc.oneof(part, fc.string()), { maxLength: 20 }).map((all) => all.join(''));
  fc.assert(
    fc.property(value, (text) => {
      const digest = client();
      digest.take(refusal(proxy(text)), { hasAnswered: false });
      digest.headersFor(bye);
    }),
  );
  t.end();
});

void t.test('who refreshes a session, after RFC 4028 table 2', (t) => {
  const asked = (value: string, knows: boolean): Header[] => [
    ['session-expires', value],
    ...(knows ? [['supported', 'replaces, timer'] as const] : []),
  ];
  const refresher = (value: string, knows: boolean) => {
    const { terms, headers } = answerTimer(asked(value, knows));
    return [terms?.isOurs, headers.map(([name, one]) => `${name}: ${one}`)];
  };
  t.same(refresher('1800', false), [true, ['session-expires: 1800;refresher=uas']]);
  t.same(refresher('1800;refresher=uac', false), [true, ['session-expires: 1800;refresher=uas']]);
  const required = 'require: timer';
  t.same(refresher('1800', true), [false, ['session-expires: 1800;refresher=uac', required]]);
  t.same(refresher('1800; refresher=UAS', true), [
    true,
    ['session-expires: 1800;refresher=uas', required],
  ]);
  t.same(answerTimer([]), { headers: [] });
  t.same(answerTimer([['session-expires', 'soon']]), { headers: [] });
  t.ok(isTooShort(asked('89', true)));
  t.notOk(isTooShort(asked('89', false)), 'a phone that knows no timers cannot be told');
  t.equal(answerTimer(asked('10', false)).terms?.seconds, 90);
  t.same(termsOfResponse([['session-expires', '200;refresher=uas']]), {
    seconds: 200,
    isOurs: false,
  });
  t.same(termsOfResponse([['session-expires', '200']]), { seconds: 200, isOurs: true });
  t.equal(termsOfResponse([]), undefined);
  t.same(timerHeaders({ seconds: 90, isOurs: false })[1], ['session-expires', '90;refresher=uas']);
  t.equal(expiresAfterSec(90), 60);
  t.equal(expiresAfterSec(1800), 1768);
  t.end();
});

void t.test('a session that is refreshed stands, one that is not is given up', async (t) => {
  const happened = new Set<string>();
  const session = (name: string, secondMs: number, refresh: () => Promise<void>) =>
    new SessionTimer({ refresh, expire: () => happened.add(`${name} expired`), secondMs });
  let refreshed = 0;
  const kept = session('kept', 0.1, () => {
    refreshed += 1;
    kept.restart({ seconds: 2000, isOurs: true });
    return Promise.resolve();
  });
  kept.restart({ seconds: 2000, isOurs: true });
  let tried = 0;
  const refused = session('refused', 1, () => {
    tried += 1;
    return Promise.reject(new Error('never'));
  });
  refused.restart({ seconds: 90, isOurs: true });
  const theirs = session('theirs', 1, () => Promise.reject(new Error('not ours')));
  theirs.restart({ seconds: 90, isOurs: false });
  await until('the others to expire', () => happened.size === 2 && refreshed > 2 && tried > 1);
  t.same([...happened].toSorted(), ['refused expired', 'theirs expired']);
  for (const one of [kept, refused, theirs]) one.restart(undefined);
  t.equal(kept.terms, undefined, 'a 2xx without it ends it');
});

const flowAt = (transport: SipTransportName, host: string, port = 5060): Flow => ({
  address: { transport, host, port },
  isReliable: transport !== 'udp',
  isOpen: true,
  send: () => undefined,
});
const [phone, office, other] = ['192.0.2.7', '192.0.2.9', '198.51.100.9'];

void t.test('a request in a call is believed by its tags and by where it comes from', (t) => {
  const registered = new Map<string, Flow>();
  const peers = {
    isTrunk: (host: string) => host.startsWith('203.0.113.'),
    isUserOn: (username: string, flow: Flow) => registered.get(username) === flow,
  };
  const asks = (
    began: Flow,
    flow: Flow,
    more: Partial<Dialog> & { fromTag?: string; users?: string[]; isCaller?: boolean } = {},
  ) => {
    const { fromTag = 'theirs', users = [], isCaller = false, ...changed } = more;
    const dialog: Dialog = {
      ...{ callId: 'c', localTag: 'ours', remoteTag: 'theirs', localParty: '', remoteParty: '' },
      ...{ remoteTarget: `sip:x@${phone}:5060`, routes: [], localSequence: 1, remoteSequence: 1 },
      ...{ flow: began, ...changed },
    };
    return isOfFarEnd(dialog, { users: new Set(users), isCaller }, { fromTag, flow, peers });
  };
  const udp = flowAt('udp', phone);
  t.ok(asks(udp, flowAt('udp', phone)));
  t.notOk(asks(udp, flowAt('udp', phone), { fromTag: 'guessed' }), 'another From tag');
  t.notOk(asks(udp, flowAt('udp', phone), { fromTag: '' }));
  t.ok(asks(udp, flowAt('udp', phone, 61_234)), 'a translator gave it another port');
  t.ok(asks(udp, flowAt('tcp', phone, 49_152)), 'what is long goes by TCP');
  t.notOk(asks(udp, flowAt('udp', other)), 'another address');
  const behind = { remoteTarget: 'sip:x@10.0.0.2:5060' };
  t.ok(asks(flowAt('udp', office), flowAt('udp', office, 4000), behind), 'issue C');
  t.ok(asks(udp, flowAt('udp', other), { remoteTarget: `sip:x@${other}` }), 'where its Contact is');
  t.ok(asks(udp, flowAt('udp', other), { routes: [`<sip:${other};lr>`] }), 'a proxy of its route');
  const carrier = flowAt('udp', '203.0.113.1');
  t.ok(asks(carrier, flowAt('udp', '203.0.113.2')), 'another address of the carrier');
  t.notOk(asks(carrier, flowAt('udp', other)));
  t.notOk(
    asks(udp, flowAt('udp', '203.0.113.2'), { users: ['alice'] }),
    "no carrier for a phone's",
  );
  t.ok(asks(udp, flowAt('udp', '203.0.113.2'), { isCaller: true }), 'called at its gateway');

  const tls = flowAt('tls', phone);
  t.ok(asks(tls, tls, { users: ['alice'] }));
  for (const transport of ['udp', 'tcp', 'tls', 'ws'] as const) {
    t.notOk(asks(tls, flowAt(transport, phone, 5), { users: ['alice'] }), `from ${transport}`);
    t.notOk(asks(flowAt('ws', phone), flowAt(transport, phone, 5), { users: ['alice'] }));
  }
  t.notOk(asks(udp, flowAt('ws', phone)), 'many browsers share the address of a proxy');
  t.notOk(asks(flowAt('tls', '203.0.113.1'), flowAt('tcp', '203.0.113.1')), 'not less protected');
  t.ok(asks(flowAt('tls', '203.0.113.1'), flowAt('tls', '203.0.113.2')));
  const back = { tls: flowAt('tls', other, 7), ws: flowAt('ws', other, 8) };
  for (const transport of ['tls', 'ws'] as const) {
    registered.set('alice', back[transport]);
    t.ok(asks(flowAt(transport, phone), back[transport], { users: ['alice'] }), 'it came back');
    t.notOk(asks(flowAt(transport, phone), back[transport], { users: ['bob'] }));
    t.notOk(asks(flowAt(transport, phone), back[transport]));
  }
  registered.set('alice', flowAt('tcp', phone, 9));
  t.notOk(
    asks(tls, registered.get('alice')!, { users: ['alice'] }),
    'nor by a log-in in the clear',
  );
  t.end();
});
