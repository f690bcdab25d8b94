/** The pure parts of the web: what the screen knows, says and counts. */
import { mock } from 'node:test';
import t from 'tap';
import { isAlreadySo } from '../../web/src/api/already.ts';
import { Problem } from '../../web/src/api/client.ts';
import { isComposing } from '../../web/src/shared/browser/is-composing.ts';
import { dialled } from '../../web/src/staff/softphone/dialled.ts';
import { imposedBy } from '../../web/src/staff/shell/imposed.ts';
import type { AgentView } from '../../src/contract/agents/agents.ts';
import type { Pop } from '../../src/contract/agents/pop.ts';
import type { ServerMessage } from '../../src/contract/agents/realtime.ts';
import { messages, translateTo } from '../support/texts.ts';
import {
  ago,
  duration,
  exact,
  minuteOf,
  minuteText,
  money,
  phoneText,
} from '../../web/src/shared/i18n/times.ts';
import { freshness } from '../../web/src/shared/realtime/freshness.ts';
import { reconnectDelayMs } from '../../web/src/shared/realtime/backoff.ts';
import { emptyLive, reduceLive, type LiveState } from '../../web/src/shared/realtime/live-state.ts';
import {
  actText,
  detailTexts,
  targetOf,
  type AuditRow,
} from '../../web/src/staff/scenes/admin/audit-words.ts';
import type { Saying } from '../../web/src/staff/scenes/admin/changes/changes.ts';
import { whyNotApprove } from '../../web/src/staff/scenes/campaigns/rights.ts';
import { peaksOf } from '../../web/src/staff/scenes/calls/waveform.ts';
import { filledDraft, hintOf } from '../../web/src/staff/scenes/desk/order/draft.ts';
import { choicesOf, homeOf, personOf } from '../../web/src/staff/scenes/desk/pop-facts.ts';
import { contentPercent, total } from '../../web/src/staff/scenes/reports/marks.ts';
import {
  byHour,
  comingsAndGoings,
  levelOf,
  toneOfWait,
} from '../../web/src/staff/scenes/wall/figures.ts';
import { qualityBetween } from '../../web/src/staff/softphone/sound/quality.ts';

void t.test('both languages say everything, with the same parameters', (t) => {
  const { 'zh-CN': zh, en } = messages;
  t.same(Object.keys(zh).sort(), Object.keys(en).sort());
  const holes = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();
  for (const key of Object.keys(zh) as (keyof typeof zh)[]) {
    t.not(zh[key].trim(), '', key);
    t.not(en[key].trim(), '', key);
    t.same(holes(zh[key]), holes(en[key]), key);
    t.notMatch(zh[key], /[一-鿿][,;!?]|[,;!?][一-鿿]/, `full-width punctuation in ${key}`);
    t.notMatch(
      en[key].replace('中文', ''),
      /[一-鿿，。！？；：、（）]/,
      `no Chinese in the English of ${key}`,
    );
  }
  t.equal(translateTo('zh-CN')('wall.andMore', { count: 3 }), '还有 3 人');
  t.equal(translateTo('en')('wall.andMore'), 'and {count} more', 'a missing parameter is seen');
  t.end();
});

void t.test('times are said as people say them', (t) => {
  const now = new Date('2026-11-24T06:05:00Z'); // 14:05 in Shanghai
  const zh = (text: string) => ago(new Date(text), now, 'zh-CN');
  const en = (text: string) => ago(new Date(text), now, 'en');
  t.equal(zh('2026-11-24T06:04:40Z'), '刚刚');
  t.equal(en('2026-11-24T06:05:20Z'), 'just now');
  t.equal(zh('2026-11-24T06:02:00Z'), '3 分钟前');
  t.equal(en('2026-11-24T06:02:00Z'), '3 min ago');
  t.equal(zh('2026-11-24T01:05:00Z'), '5 小时前');
  t.equal(zh('2026-11-24T08:05:00Z'), '2 小时后');
  t.equal(zh('2026-11-23T15:30:00Z'), '昨天 23:30', 'the calendar of the site decides, not UTC');
  t.equal(zh('2026-11-23T16:30:00Z'), '14 小时前', 'past midnight in Shanghai is today');
  t.equal(en('2026-11-24T17:00:00Z'), 'tomorrow 01:00');
  t.equal(zh('2026-11-03T06:00:00Z'), '11月3日');
  t.equal(zh('2025-11-03T06:00:00Z'), '2025年11月3日');
  t.equal(exact(now), '2026-11-24 14:05:00');
  t.equal(duration(7900), '0:07');
  t.equal(duration(3_723_000), '1:02:03');
  t.equal(duration(-5), '0:00');
  t.equal(money(128_650), '¥1,286.50');
  t.equal(money(5), '¥0.05');
  t.equal(phoneText('13800000001'), '138 0000 0001');
  t.equal(phoneText('138****0001'), '138 **** 0001');
  t.equal(phoneText('4000'), '4000');
  t.equal(minuteOf('08:30'), 510);
  t.equal(minuteText(510), '08:30');
  t.equal(minuteOf('24:00'), 1440);
  t.equal(minuteOf('24:10'), undefined);
  t.equal(minuteOf('8.30'), undefined);
  t.end();
});

void t.test('the live state follows the service', (t) => {
  const at = '2026-11-24T06:00:00.000Z';
  const agent: AgentView = {
    staffId: '00000000-0000-7000-8000-000000000001',
    username: 'agent1',
    displayName: '张敏',
    presence: 'available',
    reason: null,
    presenceSince: at,
    presenceBy: null,
    engagement: 'idle',
    engagementSince: at,
    callId: null,
    phone: 'browser',
    isPhoneReady: true,
    queueIds: [],
    handledToday: 0,
  };
  const alarm = {
    alarmId: 'a',
    kind: 'emergency' as const,
    raisedAt: at,
    callId: null,
    queueId: null,
    details: {},
    acknowledgedBy: null,
    acknowledgedAt: null,
    clearedAt: null,
  };
  const snapshot: ServerMessage = {
    seq: 10,
    type: 'snapshot',
    epoch: 'one',
    now: at,
    desk: { agent, offer: null, call: null, wrapUp: null, phoneBrowser: null, supervising: null },
    agents: [agent],
    queues: [],
    waiting: [],
    calls: [],
    alarms: [alarm],
  };
  const play = (state: LiveState, ...all: ServerMessage[]) =>
    all.reduce((before, message) => reduceLive(before, message, Date.parse(at) - 400), state);
  const first = play(emptyLive, snapshot);
  t.ok(first.isReady);
  t.equal(first.clockOffsetMs, 400, 'timers run by the clock of the service');
  const talking = { ...agent, engagement: 'talking' as const };
  const second = play(first, { seq: 11, type: 'agent', agent: talking });
  t.equal(second.agents.get(agent.staffId)?.engagement, 'talking');
  t.equal(second.desk?.agent.engagement, 'talking', 'one’s own desk knows it too');
  t.equal(first.agents.get(agent.staffId)?.engagement, 'idle', 'the state before is untouched');
  t.equal(play(second, { seq: 11, type: 'agent', agent }), second, 'a resent message is ignored');
  const quiet = play(second, {
    seq: 12,
    type: 'alarm',
    alarm: { ...alarm, clearedAt: at },
  });
  t.equal(quiet.alarms.size, 0, 'a cleared alarm goes');
  const again = play(quiet, { ...snapshot, seq: 3, epoch: 'two' });
  t.equal(again.seq, 3, 'another epoch begins its own count');
  t.equal(again.alarms.size, 1);
  t.ok(reconnectDelayMs(0, 0) < reconnectDelayMs(4, 0));
  t.ok(reconnectDelayMs(99, 1) <= 10_000);
  t.end();
});

const home = (roomId: string, estateId: string) => ({
  roomId,
  label: roomId,
  estateId,
  estateName: { 'zh-CN': '锦绣花园', en: 'Jinxiu' },
  role: 'owner' as const,
  unpaidCount: 0,
  unpaidFen: 0,
  openOrders: [],
  openOrderCount: 0,
});
const person = (personId: string, homes: ReturnType<typeof home>[]) => ({
  personId,
  name: personId,
  isVip: false,
  language: 'zh-CN' as const,
  notes: '',
  flags: [],
  homes,
  lastContacts: [],
});
const pop: Pop = {
  callId: 'c',
  direction: 'inbound',
  did: '4000',
  estateId: 'jx',
  estateName: null,
  callerNumber: '13800000001',
  isNumberVerified: true,
  language: 'zh-CN',
  isEmergency: false,
  personId: null,
  roomId: null,
  isVerified: false,
  candidates: [],
  path: [],
};

void t.test('a pop says who calls only as far as it is sure', (t) => {
  t.equal(personOf(pop), undefined);
  const one = { ...pop, candidates: [person('wang', [home('r1', 'jx')])] };
  t.equal(personOf(one)?.personId, 'wang');
  t.equal(homeOf(one)?.roomId, 'r1');
  const twoHomes = {
    ...pop,
    candidates: [person('li', [home('r1', 'jx'), home('r2', 'bj')])],
  };
  t.equal(homeOf(twoHomes)?.roomId, 'r1', 'the home of the estate that was dialled');
  t.equal(homeOf({ ...twoHomes, estateId: null }), undefined);
  t.equal(choicesOf(twoHomes).length, 2);
  const two = { ...pop, candidates: [person('a', []), person('b', [])] };
  t.equal(personOf(two), undefined, 'nobody is guessed among several');
  t.equal(personOf({ ...two, personId: 'b' })?.personId, 'b');
  t.end();
});

void t.test('the order form is filled in from the call', (t) => {
  const path = [
    { at: '', node: 'main', key: '3' },
    { at: '', node: 'opinion', key: '*' },
    { at: '', node: 'main', key: '2' },
    { at: '', node: 'repairKind', key: '1' },
  ];
  t.strictSame(hintOf({ isEmergency: false, path: [{ at: '', node: 'main', key: '0' }] }), {});
  t.strictSame(
    hintOf({
      isEmergency: false,
      path: [...path, { at: '', node: 'repairKind', key: '*' }, { at: '', node: 'main', key: '0' }],
    }),
    {},
    'who goes back and asks for a person has chosen no reason',
  );
  t.equal(filledDraft(pop, {}).kind, undefined, 'and none is guessed');
  t.equal(filledDraft(pop, { kind: 'repair' }).category, 'other');
  const one = { ...pop, candidates: [person('wang', [home('r1', 'jx')])], path };
  t.match(filledDraft(one, {}), {
    kind: 'repair',
    category: 'water',
    severity: 'minor',
    personId: 'wang',
    roomId: 'r1',
  });
  t.equal(filledDraft(one, { kind: 'complaint' }).kind, 'complaint', 'what was typed counts');
  t.match(filledDraft({ ...pop, isEmergency: true }, {}), {
    kind: 'emergency',
    severity: 'serious',
  });
  t.equal(filledDraft(pop, { kind: 'emergency' }).severity, 'serious', 'an emergency is urgent');
  t.equal(filledDraft({ ...pop, isEmergency: true }, { severity: 'minor' }).severity, 'minor');
  t.equal(filledDraft(pop, {}).roomId, null);
  t.end();
});

void t.test('figures of wall, line and recording', (t) => {
  t.equal(toneOfWait(5, 20), 'ok');
  t.equal(toneOfWait(15, 20), 'pause');
  t.equal(toneOfWait(21, 20), 'alarm');
  t.same(levelOf(null, 80), { tone: 'off', text: '—' });
  for (const percent of [79.4, 79.5, 79.6, 79.99, 80, 80.4, 69.7, 70, 99.7, 100, 0.2, 0]) {
    const { tone, text } = levelOf(percent, 80);
    t.equal(tone, levelOf(Number(text), 80).tone, `${percent} shown as ${text} has its colour`);
    t.equal(text === '100', percent === 100, 'all is all');
    t.equal(text === '0', percent === 0, 'nothing is nothing');
  }
  t.same(levelOf(79.6, 80), { tone: 'pause', text: '79' });
  t.equal(levelOf(50, 80).tone, 'alarm');
  const hours = byHour([{ key: '08', offered: 2, waiting: 1, abandoned: 1 }]);
  t.same(hours[8], { hour: 8, inbound: 3, abandoned: 1 }, 'whoever waits has come, too');
  t.equal(hours.length, 24);
  const figures = { queueId: 'q', offeredToday: 3, abandonedToday: 0 };
  const quiet = comingsAndGoings([figures]);
  t.equal(comingsAndGoings([{ ...figures }]), quiet);
  t.not(comingsAndGoings([{ ...figures, offeredToday: 4 }]), quiet, 'a caller has come');
  t.not(comingsAndGoings([{ ...figures, abandonedToday: 1 }]), quiet, 'or given up');
  const before = {
    atMs: 0,
    packetsReceived: 100,
    packetsLost: 0,
    jitterMs: 3,
    roundTripMs: 20,
  };
  const later = { ...before, atMs: 2000, packetsReceived: 200 };
  t.equal(qualityBetween(before, later).grade, 'good');
  t.equal(qualityBetween(before, { ...later, packetsLost: 3 }).grade, 'fair');
  t.equal(qualityBetween(before, { ...later, packetsLost: 10 }).grade, 'poor');
  t.match(qualityBetween(before, { ...before, atMs: 2000 }), { grade: 'poor', isSilent: true });
  const peaks = peaksOf(Float32Array.from([0, 0, 0.25, -1, 0, 0]), 3);
  t.same(peaks, [0, 1, 0]);
  t.end();
});

void t.test('marks of callers, all together', (t) => {
  const rows = [
    { key: 'a', name: '', marks: 3, average: 4.67, scores: { 4: 1, 5: 2 } },
    { key: 'b', name: '', marks: 1, average: 1, scores: { 1: 1 } },
  ];
  t.match(total(rows), { marks: 4, average: 3.75, scores: { 1: 1, 2: 0, 4: 1, 5: 2 } });
  t.equal(contentPercent(total(rows)!), 75);
  t.equal(total([]), undefined);
  t.end();
});

void t.test('a number is dialled as it was meant, or refused with a word', (t) => {
  for (const text of [
    '139００００0002',
    '１３９０００００００２',
    ' 139 0000 0002 ',
    '+86 139-0000-0002',
    '139\u20110000\u20110002',
    '\u202a13900000002\u202c',
    'tel:13900000002',
  ]) {
    t.match(dialled(text), { number: '13900000002' }, text);
  }
  t.match(dialled('010－88886666转801'), { number: '01088886666', extension: '801' });
  t.match(dialled('9001'), { number: '9001' });
  t.match(dialled('＊98'), { number: '*98' });
  for (const [text, fault] of [
    ['1390002', 'shape'],
    ['139****0002', 'masked'],
    ['一三九', 'letters'],
    ['13900000002、13800000001', 'several'],
    ['　', 'empty'],
  ] as const) {
    t.strictSame(dialled(text), { fault }, text);
    for (const language of ['zh-CN', 'en'] as const) {
      t.ok(Object.hasOwn(messages[language], `dial.bad.${fault}`), 'there is a word for it');
    }
  }
  t.end();
});

void t.test('keys of an input method are nobody else’s', (t) => {
  t.ok(isComposing({ isComposing: true, keyCode: 13 }));
  t.ok(isComposing({ isComposing: false, keyCode: 229 }), 'Safari, when the word is done');
  t.notOk(isComposing({ isComposing: false, keyCode: 13 }));
  t.end();
});

void t.test('who was set on a break is told by what', (t) => {
  const own = { presence: 'break', reason: 'lunch', presenceBy: null } as const;
  t.equal(imposedBy(own), undefined);
  t.equal(imposedBy({ ...own, reason: 'no_answer' }), 'missed');
  t.equal(imposedBy({ ...own, presenceBy: '班长' }), 'supervisor');
  t.equal(imposedBy({ presence: 'available', reason: null, presenceBy: '班长' }), 'supervisor');
  t.end();
});

void t.test('what was wished and stands already is no failure on the page', (t) => {
  const refused = (code: string, details = {}) => new Problem(409, code, '', details);
  for (const error of [
    refused('offer.over', { state: 'declined' }),
    refused('request.unchanged', { fields: ['name'] }),
    refused('do_not_call.lifted'),
    refused('conversation.wrong_state', { act: 'hold', state: 'held' }),
    refused('conversation.wrong_state', { act: 'resume', state: 'talking' }),
    refused('conversation.wrong_state', { act: 'hang up', state: 'ended' }),
    refused('campaign.illegal_transition', { from: 'paused', to: 'paused' }),
  ]) {
    t.ok(isAlreadySo(error), error.code);
  }
  for (const error of [
    refused('conversation.wrong_state', { act: 'hold', state: 'consulting' }),
    refused('campaign.illegal_transition', { from: 'draft', to: 'running' }),
    refused('conversation.not_yours'),
    refused('constructor', { act: 'constructor', state: 'name' }),
    new TypeError('x'),
  ]) {
    t.notOk(isAlreadySo(error), String(error));
  }
  t.end();
});

const sayingIn = (language: 'zh-CN' | 'en'): Saying => ({
  ...{ t: translateTo(language), language },
  names: {
    estate: (id) => (id === 'jx' ? '锦绣花园' : undefined),
    staff: (id) => ({ a: '陈静', b: '李娜', c: '张伟' })[id],
    queue: (id) => (id === 'night' ? '夜班' : undefined),
    skill: (code) => (code === 'english' ? '英语' : undefined),
  },
});

/** Symptom: rows of the audit said that something was changed, and not what. */
void t.test('the audit says what changed from what to what', (t) => {
  const said = (changes: object, more: object = {}) =>
    detailTexts(sayingIn('zh-CN'), { details: { changes, ...more } });
  const change = (from: unknown, to: unknown) => ({ from, to });
  t.same(said({ kind: change('other', 'repair'), category: change('other', 'water') }), [
    ...['类型：其他 → 报修', '类别：其他 → 水路'],
  ]);
  t.same(
    detailTexts(sayingIn('zh-CN'), { details: { from: 'new', to: 'dispatched' } }),
    ['状态：待受理 → 已派单'],
    'an order that moved',
  );
  t.same(detailTexts(sayingIn('zh-CN'), { details: { to: 'dispatched' } }), ['已派单'], 'of old');
  const account = { role: change('agent', 'office'), siteIds: change([], ['jx']) };
  t.same(said(account, { role: 'office', siteIds: ['jx'] }), [
    ...['角色：坐席 → 物业办公室', '可见小区：全部小区 → 锦绣花园'],
  ]);
  t.same(said({ staffIds: change(['a', 'b'], ['b', 'c']) }), ['加入：张伟', '移出：陈静']);
  t.same(said({ staffIds: change(['a', 'b'], ['b', 'a']) }), ['顺序已调整']);
  t.same(said({ offerSec: change(20, 30), overflow: change('message', { queueId: 'night' }) }), [
    ...['溢出到：留言 → 夜班', '振铃时长（秒）：20 → 30'],
  ]);
  t.same(said({ maxLength: change(null, 5), isActive: change(false, true) }), [
    ...['状态：停用 → 启用', '最多排队人数：无 → 5'],
  ]);
  const hours = (fromMinute: number) => ({
    workday: [{ fromMinute, toMinute: 1080 }],
    restday: [],
  });
  t.same(said({ hours: change(hours(480), hours(540)) }), ['工作日：08:00–18:00 → 09:00–18:00']);
  t.same(said({ skillLevels: change({}, { english: 3 }) }), ['技能：无 → 英语 3 级']);
  t.same(said({ verifiedHow: change(null, 'contract') }), ['核实方式：未核实 → 合同核实']);
  t.same(said({ version: change(2, 3) }, { version: 3 }), ['版本：2 → 3']);
  t.same(said({ greeting: change({ 'zh-CN': '好'.repeat(70) }, {}) }), ['问候语已修改']);
  t.same(said({ estateId: change(null, 'gone'), odd_field: change('a', 'b') }), [
    '适用小区：全部小区 → 已删除的对象',
  ]);
  t.same(said({}, { fields: ['summary', 'odd_field'] }), ['内容已修改']);
  t.end();
});

void t.test('the audit names its target and says no code, key or id, in both languages', (t) => {
  const id = '01a22b48-63ce-763e-afb8-fc4b7aae09d6';
  const row = (act: string, target: AuditRow['target'], details: object): AuditRow => ({
    ...{ id, staffId: id, staffName: null, act, subject: id, at: '2026-11-30T00:00:00Z', target },
    details: details as AuditRow['details'],
  });
  const named = (kind: string, name: string, nameEn: string | null, pageId: string | null) => ({
    ...{ kind, name, nameEn, pageId },
  });
  const rows = [
    row('alarm.acknowledged', named('alarm', 'pin_guessed', null, id), {}),
    row('do_not_call.lifted', named('doNotCall', '13800000001', null, null), {
      ...{ number: '13800000001', personId: id, scope: 'marketing', reason: '123' },
    }),
    row('staff.changed', named('staff', '13', null, null), {
      ...{ role: 'supervisor', password: 'changed', siteIds: [id], isDisabled: false },
    }),
    row('hotline.changed', named('hotline', '4008000', null, '4008000'), {
      ...{ language: 'zh-CN', queueId: id, hours: { workday: [] } },
    }),
    row('owner.choice_made', named('person', '12', null, id), {
      ...{ topic: 'telesales', isWanted: false, channels: ['call'], hours: null },
    }),
    row('owner.phone_verified', named('person', '12', null, id), {
      ...{ phoneId: id, verifiedHow: 'in_person' },
    }),
    row('work_order.moved', named('order', '261130-0001', null, '261130-0001'), {
      to: 'in_progress',
    }),
    row('agent.presence_forced', named('staff', '1', null, null), { presence: 'break' }),
    row('queue.removed', null, { code: 'night_shift', name: { 'zh-CN': '夜班', en: 'Night' } }),
    row('breakReason.changed', named('breakReason', '用餐', 'Meal', null), {
      ...{ isActive: false, name: { en: 'Meal' } },
    }),
    row('flow.published', named('flow', '1', null, null), { version: 3, before: 2 }),
    row('fax.requested', null, { roomId: id, number: '02161234567' }),
    row('bill.paid', named('bill', '2026-11', null, null), { paymentId: id, amountFen: 12000 }),
    row('something.new', null, { odd_code: 'a_code' }),
  ];
  for (const language of ['zh-CN', 'en'] as const) {
    const say = translateTo(language);
    for (const one of rows) {
      const { text } = targetOf(say, language, one);
      t.not(text, '', `${one.act} names its target`);
      const whole = [actText(say, one.act), text, ...detailTexts(sayingIn(language), one)].join(
        ' ',
      );
      t.notMatch(whole, /_|[a-z]\.[a-z]|[0-9a-f]{8}-/, whole);
      t.notMatch(whole, /undefined|object Object|\{/, whole);
      if (language === 'zh-CN') t.notMatch(whole, /[a-z]{3}/, whole);
      else t.notMatch(whole, /[一-鿿]/, whole);
    }
  }
  const to = rows.map((one) => targetOf(translateTo('en'), 'en', one).to);
  t.match(to.slice(0, 7), [
    ...[`/calls/${id}`, '/do-not-call', '/admin/staff', '/admin/hours'],
    ...[`/people/${id}`, `/people/${id}`, '/orders/261130-0001'],
  ]);
  t.end();
});

void t.test(
  'lists are asked for again when something in them has changed, and not too often',
  (t) => {
    mock.timers.enable({ apis: ['setTimeout'] });
    t.teardown(() => mock.timers.reset());
    const asked: string[] = [];
    const cache = {
      invalidateQueries: ({ queryKey: [key] = [] }: { queryKey?: readonly unknown[] } = {}) => {
        asked.push(String(key));
        return Promise.resolve();
      },
    };
    const { onEvent, stop } = freshness(cache);
    onEvent('workOrder.raised');
    onEvent('staff.changed');
    t.same(asked, ['work-orders'], 'at once, and nothing else');
    for (let turn = 0; turn < 50; turn += 1) onEvent('workOrder.changed');
    t.equal(asked.length, 1);
    mock.timers.tick(3000);
    t.equal(asked.length, 2, 'once for all that came meanwhile');
    mock.timers.tick(60_000);
    t.equal(asked.length, 2, 'and not again for nothing');
    onEvent('call.ended');
    onEvent('call.ended');
    stop();
    mock.timers.tick(60_000);
    t.same(asked.slice(2), ['calls'], 'a page that was left asks no more');
    onEvent('call.ended');
    t.same(asked.slice(2), ['calls', 'calls'], 'and asks again when it is back');
    onEvent('code.changed');
    onEvent('queue.changed');
    t.same(asked.slice(4), ['break-reasons', 'wrap-up-reasons', 'queues'], 'codes and queues, too');
    stop();
    t.end();
  },
);

void t.test('why a campaign cannot be approved is said in words', (t) => {
  const submitted = {
    ...{ createdBy: 'staff:wang', submittedBy: 'staff:wang', editors: ['staff:wang'] },
    ...{ heardAt: '2026-11-30T02:00:00Z', purpose: 'service' as const },
  };
  t.equal(whyNotApprove(submitted, 'li'), undefined);
  t.equal(whyNotApprove(submitted, 'wang'), 'approve.created');
  const editors = ['staff:li', 'staff:wang'];
  t.equal(whyNotApprove({ ...submitted, editors }, 'li'), 'approve.edited', 'not only the last');
  t.equal(whyNotApprove({ ...submitted, submittedBy: 'staff:li' }, 'li'), 'approve.submitted');
  t.equal(whyNotApprove({ ...submitted, heardAt: null }, 'li'), 'approve.unheard');
  const urgent = { ...submitted, heardAt: null, purpose: 'emergency' } as const;
  t.equal(whyNotApprove(urgent, 'li'), undefined, 'nobody waits for a rehearsal');
  t.end();
});
