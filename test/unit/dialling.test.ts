import fc from 'fast-check';
import t from 'tap';
import { parseConfig } from '../../src/config/config.ts';
import {
  dialledNumber,
  mayDial,
  type DialPurpose,
  type NumberKind,
} from '../../src/dialling/index.ts';

const { policy } = parseConfig({}, false).dialling;
const none = { byAgent: 0, toNumber: 0, inAll: 0 };
const wish = (number: string, purpose: DialPurpose = 'agent', mayCallEmergency = false) => ({
  number,
  purpose,
  mayCallEmergency,
});

void t.test('numbers are told apart by the numbering plan, however they are written', (t) => {
  const cases: readonly (readonly [string, NumberKind, string?])[] = [
    ['13800000001', 'mobile'],
    ['+86 138-0000-0001', 'mobile', '13800000001'],
    ['0086 138 0000 0001', 'mobile', '13800000001'],
    ['013800000001', 'mobile', '13800000001'],
    ['１３８０００００００１', 'mobile', '13800000001'],
    ['02155550119', 'landline'],
    ['(021) 5555-0119', 'landline', '02155550119'],
    ['+86 21 5555 0119', 'landline', '02155550119'],
    ['+8657188886666', 'landline', '057188886666'],
    ['55550119', 'landline'],
    ['4008208820', 'freephone'],
    ['8008208820', 'freephone'],
    ['95588', 'short'],
    ['10086', 'short'],
    ['12345', 'short'],
    ['114', 'short'],
    ['9009', 'internal'],
    ['801', 'internal'],
    ['110', 'emergency'],
    ['１１９', 'emergency', '119'],
    ['021-120', 'emergency', '021120'],
    ['01389 0', 'unknown', '013890'],
    ['+86 110', 'emergency', '110'],
    ['12110', 'emergency'],
    ['0090 212 555 01 00', 'international', '00902125550100'],
    ['+902125550100', 'international', '00902125550100'],
    ['00852 1234 5678', 'international', '0085212345678'],
    ['16885888', 'premium'],
    ['02116885888', 'premium'],
    ['12590123', 'premium'],
    ['13490000001', 'premium'],
    ['17400000001', 'premium'],
    ['17951013800000001', 'mobile', '13800000001'],
    ['1795100902125550100', 'unknown'],
    ['99', 'bad', ''],
    ['', 'bad', ''],
    ['anonymous', 'bad', ''],
    ['138;origination=1', 'bad', ''],
    ['13800000001\n', 'mobile', '13800000001'],
    ['*72', 'bad', ''],
    ['1'.repeat(41), 'bad', ''],
  ];
  for (const [text, kind, number = text] of cases) {
    t.same(dialledNumber(text), { kind, number }, text);
  }
  t.end();
});

void t.test('a foreign or charged number is dialled for no purpose, whoever asks', (t) => {
  for (const purpose of [
    'agent',
    'callback',
    'transfer',
    'seat',
    'test',
    'campaign',
    'duty',
    'fax',
  ] as const) {
    t.same(mayDial(policy, wish('00902125550100', purpose, true), none), {
      refusal: 'international',
    });
    t.same(mayDial(policy, wish('+8816123456', purpose, true), none), { refusal: 'international' });
    t.same(mayDial(policy, wish('16885888', purpose, true), none), { refusal: 'premium' });
    t.same(mayDial(policy, wish('13800000001', purpose), none), { number: '13800000001' });
  }
  t.end();
});

void t.test(
  'emergency numbers are dialled by a person who has the right, and by nobody else',
  (t) => {
    t.same(mayDial(policy, wish('110'), none), { refusal: 'emergency' });
    t.same(mayDial(policy, wish('110', 'agent', true), { ...none, byAgent: 1e6 }), {
      number: '110',
    });
    t.same(mayDial(policy, wish('119', 'transfer', true), none), { number: '119' });
    t.same(mayDial(policy, wish('120', 'callback', true), none), { refusal: 'emergency' });
    t.same(mayDial(policy, wish('120', 'duty', true), none), { refusal: 'emergency' });
    t.end();
  },
);

void t.test('limits count, but not for help and for the telephone of a seat', (t) => {
  const over = (counts: Partial<typeof none>, purpose: DialPurpose = 'agent') =>
    mayDial(policy, wish('13800000001', purpose), { ...none, ...counts });
  t.same(over({ byAgent: policy.mostPerAgent }), { refusal: 'agent_limit' });
  t.same(over({ toNumber: policy.mostPerNumber }), { refusal: 'number_limit' });
  t.same(over({ inAll: policy.mostPerDay }), { refusal: 'day_limit' });
  t.same(over({ byAgent: policy.mostPerAgent - 1 }), { number: '13800000001' });
  t.same(over({ toNumber: 1e6 }, 'duty'), { number: '13800000001' });
  t.same(over({ byAgent: 1e6 }, 'seat'), { number: '13800000001' });
  t.end();
});

void t.test('prefixes may be added to the kinds, and a wrong one is refused at the start', (t) => {
  const { policy } = parseConfig({ DIAL_ALLOW: 'mobile, 00852' }, false).dialling;
  t.same(mayDial(policy, wish('+852 1234 5678'), none), { number: '0085212345678' });
  t.same(mayDial(policy, wish('02155550119'), none), { refusal: 'not_allowed' });
  t.throws(() => parseConfig({ DIAL_ALLOW: 'everything' }, false), /DIAL_ALLOW has "everything"/);
  t.end();
});

void t.test(
  'whatever is typed, what is dialled is digits, and a number of the plan stays itself',
  (t) => {
    fc.assert(
      fc.property(fc.string({ maxLength: 60, unit: 'binary' }), (text) => {
        const { kind, number } = dialledNumber(text);
        return kind === 'bad' ? number === '' : /^\d{3,20}$/.test(number);
      }),
    );
    fc.assert(
      fc.property(fc.stringMatching(/^\+?[0-9]{3,20}$/), (text) => {
        const once = dialledNumber(text);
        return JSON.stringify(dialledNumber(once.number)) === JSON.stringify(once);
      }),
    );
    t.end();
  },
);
