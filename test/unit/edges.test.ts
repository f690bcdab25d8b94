import t from 'tap';
import fc from 'fast-check';
import { inputOf } from '../../src/cti/leg/keys.ts';
import type { Action } from '../../src/content/flows/state.types.ts';
import { heardOnTheWay } from '../../src/ivr/heard.ts';
import { createTell, phoneCommand, startTexts } from '../../src/start-up.ts';
import { parseConfig, terminalLanguage } from '../../src/config/config.ts';
import {
  assignments,
  decodeVariable,
  encodeVariable,
  quotedPath,
} from '../../src/cti/call/variables.ts';
import { backoffMs } from '../../src/core/concurrency/backoff.ts';
import { refusedTime } from '../../src/property/estates/calling-time.ts';
import {
  isPublicHoliday,
  isWorkday,
  missingLists,
  openingState,
} from '../../src/property/index.ts';
import { rangeOf } from '../../src/api/routes/agents/recordings.ts';
import { FrameReader } from '../../src/switch/esl/frames.ts';
import { parseScript } from '../../scripts/phone/script.ts';
import { parseVariables, splitOutside } from '../../src/switch/legs/dial-string.ts';

void t.test('at the edges', async (t) => {
  await t.test('given text of any kind, then a channel variable brings it back', (t) => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const coded = encodeVariable(text);
        return /^[\w.-]*$/.test(coded) && decodeVariable(coded) === text;
      }),
    );
    t.throws(() => assignments({ a: 'x;y' }));
    t.throws(() => quotedPath("/data/it's here/a.wav"));
    t.end();
  });

  await t.test('given a command cut anywhere, then it is read the same', (t) => {
    const bytes = Buffer.from(
      'sendmsg abc\ncall-command: execute\nexecute-app-arg: 您好\n\napi status\n\nsendevent X\ncontent-length: 6\n\n您好',
    );
    const whole = new FrameReader({ isTrusted: true }).push(bytes);
    t.equal(whole.length, 3);
    for (let cut = 1; cut < bytes.length; cut += 1) {
      const reader = new FrameReader({ isTrusted: true });
      const frames = [...reader.push(bytes.subarray(0, cut)), ...reader.push(bytes.subarray(cut))];
      t.same(frames, whole, `cut at ${cut}`);
    }
    t.throws(() => new FrameReader({ isTrusted: true }).push(Buffer.alloc(200_000, 'x')));
    t.throws(() =>
      new FrameReader({ isTrusted: true }).push(Buffer.from('a\ncontent-length: -1\n\n')),
    );
    t.end();
  });

  await t.test('given the calendar, then holidays and make-up days are known', (t) => {
    const hours = {
      workday: [{ fromMinute: 480, toMinute: 1200 }],
      restday: [{ fromMinute: 540, toMinute: 1020 }],
    };
    const at = (iso: string) => openingState(hours, new Date(iso), 'Asia/Shanghai');
    t.equal(at('2026-11-24T10:00:00+08:00'), 'open', 'a Tuesday');
    t.equal(at('2026-11-24T21:00:00+08:00'), 'closed');
    t.equal(at('2026-11-22T08:30:00+08:00'), 'closed', 'a Sunday opens later');
    t.equal(at('2026-10-01T08:30:00+08:00'), 'holiday', 'National Day');
    t.end();
  });

  await t.test('given a year whose list is not published, then the days of the law', (t) => {
    const days = [
      ...['2027-01-01', '2027-02-05', '2027-02-06', '2027-02-07', '2027-02-08', '2027-04-05'],
      ...['2027-05-01', '2027-05-02', '2027-06-09', '2027-09-15', '2027-10-01', '2027-10-03'],
    ];
    const all = { workday: [{ fromMinute: 480, toMinute: 1200 }], restday: [] };
    for (const day of days) {
      t.ok(isPublicHoliday(day), day);
      const morning = new Date(`${day}T02:00:00Z`);
      t.equal(openingState(all, morning, 'Asia/Shanghai'), 'holiday', day);
      t.equal(refusedTime(morning, 'Asia/Shanghai', 'collection', null), 'public_holiday', day);
    }
    t.notOk(isPublicHoliday('2027-02-09'));
    t.ok(isWorkday('2027-02-09'));
    t.notOk(isWorkday('2027-02-08'));
    t.same(missingLists(new Date('2026-11-30T00:00:00Z')), []);
    t.same(missingLists(new Date('2026-12-01T00:00:00Z')), [2027]);
    t.same(missingLists(new Date('2026-11-30T16:00:00Z')), [2027], 'December begins in China');
    // Where the list is known, the days of the law are on it.
    for (const day of ['2025-01-28', '2025-01-29', '2025-05-31', '2026-02-16', '2026-06-19']) {
      t.ok(isPublicHoliday(day), day);
    }
    t.end();
  });

  await t.test('given Range headers, then the bytes that they name', (t) => {
    t.same(rangeOf('bytes=0-43', 100), { from: 0, to: 43 });
    t.same(rangeOf('bytes=90-', 100), { from: 90, to: 99 });
    t.same(rangeOf('bytes=-10', 100), { from: 90, to: 99 });
    t.equal(rangeOf('bytes=100-', 100), 'bad');
    t.equal(rangeOf('bytes=0-1,5-6', 100), 'none');
    t.equal(rangeOf(undefined, 100), 'none');
    t.end();
  });

  await t.test('given failures, then retries wait longer, but never beyond five seconds', (t) => {
    fc.assert(
      fc.property(fc.nat(1000), fc.double({ min: 0, max: 1, noNaN: true }), (failures, jitter) => {
        const ms = backoffMs(failures, jitter);
        return ms >= 50 && ms <= 5000;
      }),
    );
    t.end();
  });

  await t.test('given phone scripts, then cues, or an error that names the word', (t) => {
    t.same(parseScript('!2,1,wait=1.5,hangup'), [
      { kind: 'press', keys: '2', isAtOnce: true },
      { kind: 'press', keys: '1', isAtOnce: false },
      { kind: 'wait', ms: 1500 },
      { kind: 'hangup' },
    ]);
    t.throws(() => parseScript('2,shout'), /"shout"/);
    t.end();
  });

  await t.test('given dial strings, then commas within quotes and brackets stay', (t) => {
    t.same(splitOutside("a,{x='1,2'}b", ','), ['a', "{x='1,2'}b"]);
    t.same(
      [...parseVariables("a='x,y',b=2")],
      [
        ['a', 'x,y'],
        ['b', '2'],
      ],
    );
    t.end();
  });

  await t.test(
    'given the locale of a terminal, then its language, Chinese where it says none',
    (t) => {
      t.equal(terminalLanguage({}), 'zh-CN');
      t.equal(terminalLanguage({ LANG: 'C.UTF-8' }), 'zh-CN');
      t.equal(terminalLanguage({ LANG: 'en_US.UTF-8' }), 'en');
      t.equal(terminalLanguage({ LANG: 'en_US.UTF-8', LC_ALL: 'zh_CN.UTF-8' }), 'zh-CN');
      t.equal(terminalLanguage({ LC_ALL: '', LC_MESSAGES: 'en_GB.UTF-8' }), 'en');
      t.end();
    },
  );

  await t.test('given keys, then one input and what is left for the next', (t) => {
    t.same(inputOf('2468#9', 6, '#'), { digits: '2468', isWhole: true, used: 5 });
    t.same(inputOf('2468', 6, '#'), { digits: '2468', isWhole: false, used: 4 });
    t.same(inputOf('21', 1, ''), { digits: '2', isWhole: true, used: 1 }, 'a menu, typed ahead');
    t.same(inputOf('12345#', 4, '#'), { digits: '1234', isWhole: true, used: 4 });
    t.same(inputOf('#', 4, '#'), { digits: '', isWhole: true, used: 1 });
    t.same(inputOf('', 1, ''), { digits: '', isWhole: false, used: 0 });
    fc.assert(
      fc.property(
        fc.stringMatching(/^[0-9*#]{0,12}$/),
        fc.integer({ min: 1, max: 8 }),
        (keys, max) => {
          const { digits, used } = inputOf(keys, max, '#');
          const taken = keys.slice(0, used);
          return taken === digits || taken === `${digits}#`;
        },
      ),
    );
    t.end();
  });

  await t.test('given bad settings, then all are named at once', (t) => {
    const bad = {
      HTTP_PORT: '99999',
      TRUSTED_PROXIES: 'loopback, everybody',
      SIP_WS_URL: 'https://hotline.example.com/sip',
      TTS_PROVIDERS: 'parrot',
    };
    t.throws(() => parseConfig(bad, false), {
      code: 'config.invalid',
      message:
        /HTTP_PORT[\s\S]*TRUSTED_PROXIES has "everybody"[\s\S]*SIP_WS_URL[\s\S]*TTS_PROVIDERS/,
    });
    const { http } = parseConfig({ TRUSTED_PROXIES: '10.0.0.0/8, ::1, uniquelocal' }, false);
    t.strictSame(http.trustedProxies, ['10.0.0.0/8', '::1', 'uniquelocal']);
    t.end();
  });
});

void t.test('the start is told in Chinese, in English where the terminal is', (t) => {
  const values = {
    ...{ count: 3, password: 'a-password', path: '/data', done: 1, of: 9, seconds: 2 },
    ...{ url: 'http://127.0.0.1:8080/', port: 5060, names: '2026-12-01' },
  };
  for (const [LANG, isChinese] of [
    ['en_GB.UTF-8', false],
    ['zh_CN.UTF-8', true],
    ['C.UTF-8', true],
  ] as const) {
    const lines: string[] = [];
    const tell = createTell(terminalLanguage({ LANG }), (line) => lines.push(line));
    for (const text of startTexts) tell(text, values);
    t.equal(lines.length, startTexts.length);
    for (const line of lines) {
      t.match(line, /^聆听 · [^{}]+\n$/, 'every slot is filled');
      t.equal(/[一-鿿]/.test(line.replace('聆听', '')), isChinese, line);
    }
  }
  t.end();
});

void t.test('the telephone command of the start and the payment link follow the ports', (t) => {
  t.match(phoneCommand(5060), /^npm run phone -- 4000 --from 13800000001 --keys "/);
  t.match(phoneCommand(15_060), ' --port 15060 ');
  const { paymentUrl } = parseConfig({ HTTP_PORT: '18080' }, false);
  t.equal(paymentUrl, 'http://127.0.0.1:18080/pay/');
  const own = 'https://pay.example.com/';
  t.equal(parseConfig({ HTTP_PORT: '18080', PAYMENT_URL: own }, false).paymentUrl, own);
  t.end();
});

void t.test(
  'what a caller was told in the menu is what the call came to, until an order is',
  (t) => {
    const lookup = (what: 'bills' | 'orders' | 'homes') => ({ do: 'lookup', what }) as const;
    const some = { kind: 'result', result: 'some' } as const;
    const pin: Action = {
      do: 'verifyPin',
      ...{ say: [], minDigits: 1, maxDigits: 8, terminators: '#', personId: '' },
      ...{ firstDigitTimeoutMs: 1, interDigitTimeoutMs: 1 },
    };
    t.equal(heardOnTheWay({ vars: {} }, lookup('bills'), some), 'bill_heard');
    t.equal(heardOnTheWay({ vars: {} }, lookup('orders'), some), 'progress_heard');
    t.equal(heardOnTheWay({ vars: {} }, lookup('homes'), some), undefined);
    t.equal(heardOnTheWay({ vars: { orderId: 'one' } }, lookup('bills'), some), undefined);
    t.equal(heardOnTheWay({ vars: {} }, pin, { kind: 'result', result: 'locked' }), 'pin_locked');
    t.equal(heardOnTheWay({ vars: {} }, pin, { kind: 'result', result: 'wrong' }), undefined);
    t.end();
  },
);
