import t from 'tap';
import fc from 'fast-check';
import {
  countPinTry,
  forgivePinTry,
  newGuard,
  usualPinLimits,
} from '../../src/property/people/pin-guard.ts';
import { answersOf, testPhoneName } from '../../src/agents/desk/phones/test-phones.ts';
import { parseConfig } from '../../src/config/config.ts';
import { telephoneFor } from '../../src/switch/legs/test-trunk.ts';
import { silentLog } from '../../src/core/log.ts';
import { trunkSources } from '../../src/local/trunk-sources.ts';
import { identityOf, type CallerClaim } from '../../src/switch/legs/caller-identity.ts';
import { createTrunkList } from '../../src/switch/legs/trunk-list.ts';

const trunks = createTrunkList({
  carrier1: { from: ['192.0.2.1', '198.51.100.16/28'] },
  carrier2: { from: ['2001:db8::/48', 'nonsense', '10.0.0.0/99'] },
});

const claim = (change: Partial<CallerClaim> & { from?: string }): CallerClaim => ({
  source: { host: change.from ?? '192.0.2.1', transport: 'udp' },
  user: undefined,
  number: 'anonymous',
  name: 'Anonymous',
  asserted: [],
  privacy: [],
  ...change,
});

void t.test('a trunk is known by its address, in any notation, and by nothing else', (t) => {
  t.equal(trunks.at('192.0.2.1'), 'carrier1');
  t.equal(trunks.at('::ffff:198.51.100.31'), 'carrier1');
  t.equal(trunks.at('198.51.100.32'), undefined);
  t.equal(trunks.at('2001:db8:0:7::9'), 'carrier2');
  t.equal(trunks.at('10.0.0.1'), undefined, 'a network that is none lets nobody in');
  t.equal(trunks.at('localhost'), undefined);
  t.end();
});

void t.test('an asserted number identifies a caller who hides theirs, from a trunk only', (t) => {
  const asserted = ['"Wang" <sip:+8613800000001@carrier.test;user=phone>'];
  const privacy = ['id'];
  t.same(identityOf(claim({ asserted, privacy }), trunks), {
    number: '+8613800000001',
    name: 'Wang',
    trunk: 'carrier1',
    isPrivate: true,
  });
  t.same(
    identityOf(claim({ asserted, privacy, from: '203.0.113.5' }), trunks),
    { number: 'anonymous', name: 'Anonymous', trunk: undefined, isPrivate: false },
    'a stranger asserts nothing',
  );
  for (const [values, number] of [
    [['<tel:+86-138-0000-0001>'], '+8613800000001'],
    [['<sip:anonymous@carrier.test>, <tel:13800000001;phone-context=+86>'], '13800000001'],
    [['sip:13800000001@carrier.test'], '13800000001'],
    [['"a, <sip:1@x>" <sip:13800000001:pw@carrier.test>', '<tel:+1>'], '13800000001'],
    [['<sip:alice@carrier.test>'], 'anonymous'],
    [['', '<', '"', '<tel:>', `<sip:${'9'.repeat(200)}@x>`], 'anonymous'],
  ] as const) {
    t.equal(identityOf(claim({ asserted: values }), trunks).number, number, values.join(' | '));
  }
  t.end();
});

void t.test('a telephone that has logged in calls under the number of its account', (t) => {
  const one = claim({
    user: 'agent1',
    number: '13800000001',
    name: '王建国',
    asserted: ['<tel:1>'],
  });
  t.match(identityOf(one, trunks), { number: 'agent1', trunk: undefined });
  t.end();
});

void t.test('a page in a browser on a machine of a trunk is no trunk', (t) => {
  const one = claim({ source: { host: '192.0.2.1', transport: 'ws' }, number: '13800000001' });
  t.match(identityOf(one, trunks), { number: '13800000001', trunk: undefined });
  t.end();
});

void t.test('TRUNKS names the addresses that a trunk calls from', async (t) => {
  const { trunks, demoPhones } = parseConfig(
    {
      TRUNKS: 'a=user:p|w=x@192.0.2.1:5070|192.0.2.16/28|2001:db8::1, b , c=127.0.0.1:15599',
      DEMO: 'false',
    },
    false,
  );
  t.same(trunks, [
    {
      name: 'a',
      address: { host: '192.0.2.1', port: 5070, username: 'user', password: 'p|w=x' },
      sources: ['192.0.2.16/28', '2001:db8::1'],
    },
    { name: 'b', address: undefined, sources: [] },
    { name: 'c', address: { host: '127.0.0.1', port: 15599 }, sources: [] },
  ]);
  t.same(await trunkSources({ trunks, demoPhones }, silentLog()), {
    a: ['192.0.2.1', '192.0.2.16/28', '2001:db8::1'],
    b: [],
    c: ['127.0.0.1'],
  });
  t.same((await trunkSources({ trunks: [], demoPhones: 'open' }, silentLog()))['demo'], [
    '127.0.0.0/8',
    '::1',
  ]);
  t.throws(
    () => parseConfig({ TRUNKS: 'a=192.0.2.1|somewhere' }, false),
    /TRUNKS has "somewhere" behind \|/,
  );
});

void t.test(
  'a PIN locked again and again is locked for longer, and is tried a few times a day',
  (t) => {
    const hour = 3600_000;
    const began = Date.parse('2026-11-30T00:00:00Z');
    let guard = newGuard;
    let at = began;
    const guess = () => {
      const one = countPinTry(guard, new Date(at));
      guard = one.guard;
      return one;
    };
    const lockedFor = () => (guard.lockedUntil?.getTime() ?? 0) - at;
    t.same([guess().triesLeft, guess().triesLeft, guess().triesLeft], [2, 1, 0]);
    t.equal(lockedFor(), hour / 2);
    t.ok(guess().isLocked);
    at += hour / 2;
    t.same([guess().isLocked, guess().isLast, guess().isLast], [false, false, true]);
    t.equal(guard.lockedUntil?.getTime(), began + 24 * hour, 'six a day, then the next day');
    at = began + 24 * hour;
    for (const _ of [1, 2, 3]) guess();
    t.equal(lockedFor(), 24 * hour, 'the third');
    t.equal(guard.locks, 3);
    at += 8 * 24 * hour;
    for (const _ of [1, 2, 3]) guess();
    t.equal(lockedFor(), hour / 2, 'a week without one begins anew');
    t.end();
  },
);

void t.test('whoever knows the PIN loses nothing by it, not even at the last try', (t) => {
  let guard = newGuard;
  const at = new Date('2026-11-30T00:00:00Z');
  for (let n = 0; n < 40; n += 1) {
    const { guard: after, isLast, isLocked } = countPinTry(guard, at);
    t.notOk(isLocked);
    guard = forgivePinTry(after, isLast);
  }
  t.match(guard, { failures: 0, locks: 0, triesOfDay: 0, lockedUntil: null });
  t.end();
});

void t.test('the limits of PINs are settings', (t) => {
  const { guards } = parseConfig(
    { PIN_TRIES: '2', PIN_TRIES_PER_DAY: '3', PIN_LOCK_MINUTES: '1,5', SOCKET_FRAMES_PER_SEC: '9' },
    false,
  );
  const at = new Date('2026-11-30T00:00:00Z');
  const first = countPinTry(newGuard, at, guards.pin);
  t.match(first, { isLast: false, triesLeft: 1 });
  const second = countPinTry(first.guard, at, guards.pin);
  t.match(second, { isLast: true, guard: { lockedUntil: new Date('2026-11-30T00:01:00Z') } });
  t.match(guards.screens, { framesPerSecond: 9, framesAtOnce: 30, perPerson: 12 });
  t.throws(() => parseConfig({ PIN_LOCK_MINUTES: '30,5' }, false), /PIN_LOCK_MINUTES/);
  t.throws(() => parseConfig({ PIN_LOCK_MINUTES: 'soon' }, false), /PIN_LOCK_MINUTES/);
  t.throws(() => parseConfig({ PIN_TRIES: '9', PIN_TRIES_PER_DAY: '3' }, false), /PER_DAY/);
  t.end();
});

void t.test('no order of waits and guesses gets more than a few wrong PINs a day', (t) => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 36 * 3600_000 }), { maxLength: 60 }),
      (waits) => {
        let guard = newGuard;
        let at = Date.parse('2026-11-30T00:00:00Z');
        const judged: number[] = [];
        for (const wait of waits) {
          at += wait;
          const one = countPinTry(guard, new Date(at));
          if (one.isLocked) continue;
          guard = one.guard;
          judged.push(at);
        }
        // A day begins with its first try, so that of any 24 hours at most two days have a part.
        return judged.every((_, n) => {
          const later = judged[n + 2 * usualPinLimits.triesADay];
          return later === undefined || later - (judged[n] ?? 0) >= 24 * 3600_000;
        });
      },
    ),
  );
  t.end();
});

void t.test('a name that is none of ours leads to this machine', (t) => {
  const names = (environment: Record<string, string>) => parseConfig(environment, false).http.names;
  t.same(names({}), []);
  t.same(
    names({ DEMO: 'false', HTTP_NAMES: 'a.example, B.example', SIP_WS_URL: 'wss://c.example/sip' }),
    ['a.example', 'b.example', 'c.example'],
  );
  t.equal(names({ DEMO: 'false', HTTP_HOST: '192.0.2.1' }), undefined, 'reached by any name');
  t.throws(() => names({ HTTP_NAMES: 'https://a.example/' }), /HTTP_NAMES has/);
  t.end();
});

void t.test(
  'TRUNKS and DEMO=true leave no door by which this machine calls as anybody',
  async (t) => {
    const doors = async (environment: Record<string, string>) => {
      const config = parseConfig({ TRUNKS: 'a=192.0.2.1', ...environment }, false);
      const sources = Object.values(await trunkSources(config, silentLog())).flat();
      return [config.demoPhones, sources.includes('127.0.0.0/8')];
    };
    t.same(await doors({}), ['carrier', false]);
    t.same(await doors({ DEMO_PHONES: 'true' }), ['open', true], 'said on purpose');
    t.same(await doors({ DEMO_PHONES: 'true', DEMO: 'false' }), ['no_demo', false]);
    t.same(await doors({ TRUNKS: '' }), ['open', true]);
    t.same(await doors({ TRUNKS: '', DEMO_PHONES: 'false' }), ['setting', false]);
    t.same(await doors({ TRUNKS: '', DEMO: 'false' }), ['no_demo', false]);
  },
);

void t.test(
  'given a demo, then calls outside end at its telephones while nothing better is set up',
  (t) => {
    const outside = (environment: Record<string, string>) => {
      const { outsideCalls, trunks } = parseConfig(environment, false);
      return [outsideCalls, trunks.map(({ name }) => name)];
    };
    t.same(outside({}), ['test_telephones', ['demo']]);
    t.same(outside({ TRUNKS: 'a=192.0.2.1' }), ['trunks', ['a']]);
    t.same(outside({ DEMO: 'false' }), ['none', []]);
    t.same(outside({ DEMO_TRUNK: 'false' }), ['none', []]);
    t.same(outside({ DEMO_PHONES: 'false' }), ['none', []], 'nobody could answer');
    t.same(
      outside({ ESL_URLS: 'esl://:pw@192.0.2.9:8021' }),
      ['none', []],
      'a FreeSWITCH has its own',
    );
    t.end();
  },
);

void t.test(
  'given several test telephones, then one rings: whose number it is before one for all',
  (t) => {
    const all = { uri: 'sip:all', answers: '*', calls: 0 };
    const busy = { uri: 'sip:busy', answers: '*', calls: 2 };
    const own = { uri: 'sip:own', answers: '13800000001', calls: 1 };
    const staff = { uri: 'sip:agent1', answers: undefined, calls: 0 };
    t.equal(telephoneFor('13800000001', [staff, busy, all, own]), own);
    t.equal(telephoneFor('13800000002', [staff, busy, all, own]), all, 'the one with less to do');
    t.equal(telephoneFor('13800000002', [staff, own]), undefined, 'rings, and nobody answers');
    t.end();
  },
);

void t.test(
  'given the name of an account, then the switch is told which numbers it answers',
  (t) => {
    const name = testPhoneName({ number: '13800000001', answers: 'every', phone: 'ab12' });
    t.equal(answersOf(name, '13800000001'), '*');
    t.equal(answersOf('13800000001.own.ab12', '13800000001'), '13800000001');
    t.equal(answersOf('13800000001', '13800000001'), '13800000001');
    t.equal(answersOf('agent1', null), undefined, 'staff are called by other ways');
    t.equal(answersOf('every.every.every', null), undefined);
    t.end();
  },
);
