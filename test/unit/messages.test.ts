/** What is written to people: which channel, which words, what becomes of a try. */
import fc from 'fast-check';
import t from 'tap';
import { parseConfig } from '../../src/config/config.ts';
import { unreachableStates } from '../../src/core/states.ts';
import type { CampaignPurpose, MessageChannel, MessageState } from '../../src/db/index.ts';
import { nextStep, type ChainInput, type Written } from '../../src/outbound/fall-back/chain.ts';
import { channelOrder, isWrittenFirst } from '../../src/messaging/index.ts';
import { isTextable } from '../../src/outbound/fall-back/facts.ts';
import {
  afterReceipt,
  afterSend,
  messageTransitions,
  sendingLimitMs,
} from '../../src/messaging/delivery/message.states.ts';
import { mayWrite, type LimitInput } from '../../src/messaging/limits/limits.ts';
import { Semaphore } from '../../src/messaging/carriers/semaphore.ts';
import { isSignedBy, sign } from '../../src/messaging/carriers/signature.ts';
import { replied } from '../../src/messaging/carriers/sms-gateway.ts';
import { outcomeOf, type Failure } from '../../src/messaging/carriers/smtp-sender.ts';
import { smsLength } from '../../src/messaging/templates/sms-length.ts';
import { mayNameDebt, textOf, type TextInput } from '../../src/messaging/templates/texts.ts';
import { normaliseAddress } from '../../src/property/index.ts';

const now = new Date('2026-11-26T04:00:00Z');
const later = (ms: number) => new Date(now.getTime() + ms);
const channels = ['sms', 'email', 'fax'] as const;
const purposes = ['collection', 'service', 'research', 'marketing', 'emergency'] as const;

void t.test('the person decides on the order, the campaign on what there is', (t) => {
  const wish = (isWanted: boolean, ...ways: ('call' | MessageChannel)[]) => ({
    isWanted,
    channels: ways,
  });
  t.same(channelOrder(['sms', 'email'], 'service', undefined), ['sms', 'email']);
  t.same(channelOrder(['sms', 'email'], 'service', wish(true, 'email', 'call', 'sms')), [
    'email',
    'sms',
  ]);
  t.same(channelOrder(['sms'], 'service', wish(true, 'email')), [], 'not by a way they left out');
  t.same(channelOrder(['sms'], 'service', wish(false, 'sms')), [], 'not wanted at all');
  t.same(channelOrder(['sms'], 'marketing', undefined), [], 'silence is no consent');
  t.same(channelOrder(['sms', 'email'], 'emergency', wish(false, 'email')), ['email', 'sms']);
  t.equal(isWrittenFirst(['sms'], 'service', wish(true, 'sms', 'call')), true);
  t.equal(isWrittenFirst(['sms'], 'service', wish(true, 'email', 'call', 'sms')), false);
  t.equal(isWrittenFirst(['sms'], 'service', wish(true, 'fax')), false, 'in none of these ways');
  t.equal(isWrittenFirst(['sms'], 'emergency', wish(true, 'sms')), false);
  t.equal(isWrittenFirst(['sms'], 'service', undefined), false);
  fc.assert(
    fc.property(
      fc.subarray([...channels]),
      fc.constantFrom(...purposes),
      fc.option(
        fc.record({
          isWanted: fc.boolean(),
          channels: fc.shuffledSubarray(['call', ...channels] as const),
        }),
        { nil: undefined },
      ),
      (campaign, purpose, chosen) => {
        const order = channelOrder(campaign, purpose, chosen);
        const isKnown = order.every((one) => campaign.includes(one));
        const isObeyed =
          purpose === 'emergency' ||
          chosen === undefined ||
          order.every((one) => chosen.isWanted && chosen.channels.includes(one));
        return isKnown && isObeyed && new Set(order).size === order.length;
      },
    ),
  );
  t.end();
});

const chain = (change: Partial<ChainInput> = {}): ChainInput => ({
  order: ['sms', 'email'],
  addresses: { sms: '13800000001', email: 'wang@example.com' },
  written: [],
  purpose: 'service',
  now,
  loudFrom: now,
  until: null,
  ...change,
});
const row = (channel: MessageChannel, state: MessageState, change: Partial<Written> = {}) => ({
  ...{ id: `${channel}-id`, channel, state, nextAt: null, triedAt: null },
  ...change,
});

void t.test('one channel after the other, until one has taken it', (t) => {
  const next = (change: Partial<ChainInput>) => nextStep(chain(change));
  t.match(next({}), { do: 'write', channel: 'sms', address: '13800000001' });
  t.match(next({ addresses: { email: 'a@b.cn' } }), { do: 'write', channel: 'email' });
  t.same(next({ written: [row('sms', 'queued')] }), { do: 'send', id: 'sms-id' });
  t.same(next({ written: [row('sms', 'sent')] }), { do: 'end', as: 'sent' });
  t.match(next({ written: [row('sms', 'failed')] }), { do: 'write', channel: 'email' });
  t.same(next({ written: [row('sms', 'failed'), row('email', 'failed')] }), {
    do: 'end',
    as: 'failed',
  });
  t.same(next({ written: [row('sms', 'queued', { nextAt: later(5000) })] }), {
    do: 'wait',
    until: later(5000),
  });
  t.same(next({ written: [row('sms', 'sending', { triedAt: now })] }), {
    do: 'wait',
    until: later(sendingLimitMs),
  });
  t.same(next({ written: [row('sms', 'sending', { triedAt: later(-sendingLimitMs) })] }), {
    do: 'give_up_on',
    id: 'sms-id',
  });
  t.same(next({ written: [row('sms', 'unknown')] }), { do: 'end', as: 'unknown' });
  t.match(
    next({ written: [row('sms', 'unknown')], purpose: 'emergency' }),
    { do: 'write', channel: 'email' },
    'in an emergency better twice than not at all',
  );
  t.same(
    next({ written: [row('fax', 'sent')], order: ['email'] }),
    { do: 'end', as: 'sent' },
    'what is out stays out, also when the wishes have changed',
  );
  t.end();
});

void t.test('texts keep the quiet hours, mails do not wake anybody', (t) => {
  const morning = later(8 * 3600_000);
  const night = { loudFrom: morning };
  t.same(nextStep(chain(night)), { do: 'wait', until: morning });
  t.match(nextStep(chain({ ...night, order: ['email', 'sms'] })), { channel: 'email' });
  t.match(nextStep(chain({ ...night, until: later(3600_000) })), { channel: 'email' });
  t.match(nextStep(chain({ ...night, purpose: 'emergency' })), { channel: 'sms' });
  t.match(nextStep(chain({ loudFrom: null })), { channel: 'email' });
  t.end();
});

void t.test('a text refused in the evening is not sent at its retry in the night', (t) => {
  const morning = later(8 * 3600_000);
  const queued = [row('sms', 'queued', { nextAt: now, triedAt: later(-1800_000) })];
  const night = { written: queued, loudFrom: morning, until: later(-3600_000) };
  t.same(nextStep(chain(night)), { do: 'withdraw', id: 'sms-id' }, 'the campaign ended before');
  t.same(nextStep(chain({ ...night, loudFrom: null })), { do: 'withdraw', id: 'sms-id' });
  t.same(nextStep(chain({ ...night, until: null })), { do: 'wait', until: morning });
  t.same(nextStep(chain({ ...night, purpose: 'emergency' })), { do: 'send', id: 'sms-id' });
  t.match(
    nextStep(chain({ ...night, written: [row('sms', 'failed')] })),
    { do: 'write', channel: 'email' },
    'the next channel has its turn',
  );
  t.end();
});

void t.test('no order of events sends a channel twice, or two channels for certain', (t) => {
  const outcome = fc.constantFrom<MessageState>('sent', 'failed', 'unknown', 'queued');
  fc.assert(
    fc.property(
      fc.shuffledSubarray([...channels]),
      fc.constantFrom<CampaignPurpose>('service', 'collection', 'emergency'),
      fc.array(outcome, { minLength: 12, maxLength: 12 }),
      (order, purpose, outcomes) => {
        const written: Written[] = [];
        const handed: MessageChannel[] = [];
        const addresses = { sms: '1', email: '2', fax: '3' };
        for (const state of outcomes) {
          const step = nextStep(chain({ order, purpose, written: [...written], addresses }));
          if (step.do === 'end') break;
          if (step.do === 'write') written.push(row(step.channel, 'queued'));
          if (step.do !== 'send') continue;
          const at = written.findIndex((one) => one.id === step.id);
          const before = written[at];
          if (before === undefined || before.state !== 'queued') return false;
          handed.push(before.channel);
          written[at] = { ...before, state };
        }
        const known = written.filter((one) => one.state === 'sent').length;
        const isTwice = written.some(
          (one) => one.state !== 'queued' && handed.lastIndexOf(one.channel) < 0,
        );
        return (
          known <= 1 &&
          !isTwice &&
          new Set(written.map((one) => one.channel)).size === written.length
        );
      },
    ),
  );
  t.end();
});

void t.test('what becomes of a try', (t) => {
  const busy = { kind: 'not_sent', reason: 'busy', detail: '' } as const;
  const states = [1, 2, 3, 4, 5].map((tries) => afterSend(busy, { tries, purpose: 'service' }));
  t.same(
    states.map(({ state }) => state),
    ['queued', 'queued', 'queued', 'queued', 'failed'],
  );
  t.same(
    states.map(({ againInMs }) => againInMs),
    [30_000, 120_000, 600_000, 1_800_000, null],
  );
  t.equal(states[4]?.reason, 'busy', 'the last reason stays');
  t.equal(afterSend(busy, { tries: 2, purpose: 'emergency' }).state, 'failed');
  t.match(afterSend({ kind: 'unknown', detail: 'x' }, { tries: 1, purpose: null }), {
    state: 'unknown',
    againInMs: null,
  });
  t.match(afterSend({ kind: 'not_configured' }, { tries: 1, purpose: null }), {
    state: 'failed',
    reason: 'not_configured',
  });
  t.same(unreachableStates(messageTransitions, 'queued'), []);
  t.equal(afterReceipt('sent', 'failed'), 'failed');
  t.equal(afterReceipt('unknown', 'delivered'), 'delivered');
  t.equal(afterReceipt('delivered', 'failed'), undefined, 'the first receipt counts');
  t.equal(afterReceipt('failed', 'delivered'), undefined);
  t.end();
});

void t.test('what carriers say', (t) => {
  const smtp = (change: Failure, isUnderWay = false) =>
    outcomeOf(Object.assign(new Error('x'), change), isUnderWay).kind;
  t.equal(smtp({ code: 'ECONNECTION' }), 'not_sent');
  t.equal(smtp({ code: 'ECONNECTION' }, true), 'unknown');
  t.equal(smtp({ code: 'ETIMEDOUT' }, true), 'unknown');
  t.equal(smtp({ code: 'EENVELOPE', responseCode: 550 }), 'refused');
  t.equal(smtp({ code: 'EENVELOPE', responseCode: 451 }), 'not_sent', 'greylisted');
  t.equal(
    smtp({ code: 'EMESSAGE', responseCode: 554 }, true),
    'refused',
    'it said that it did not',
  );
  t.equal(smtp({ code: 'EAUTH', responseCode: 535 }), 'not_sent', 'a password can be mended');
  const http = (status: number, body = '') => replied({ status, body }).kind;
  t.same(
    [200, 202, 204].map((status) => http(status)),
    ['sent', 'sent', 'sent'],
  );
  t.same(
    [400, 404, 422, 302].map((status) => http(status)),
    Array(4).fill('refused'),
  );
  t.same(
    [401, 403, 429, 503].map((status) => http(status)),
    Array(4).fill('not_sent'),
  );
  t.same(
    [409, 500, 502, 504].map((status) => http(status)),
    Array(4).fill('unknown'),
  );
  t.match(replied({ status: 200, body: '{"id":"p1"}' }), { providerId: 'p1' });
  t.match(replied({ status: 200, body: 'null' }), { providerId: null });
  t.end();
});

void t.test('a text is counted as the carrier bills it', (t) => {
  t.same(smsLength(''), { units: 0, parts: 0 });
  t.same(smsLength('停'.repeat(70)), { units: 70, parts: 1 });
  t.same(smsLength('停'.repeat(71)), { units: 71, parts: 2 });
  t.same(smsLength('停'.repeat(134)), { units: 134, parts: 2 });
  t.same(smsLength('停'.repeat(135)), { units: 135, parts: 3 });
  t.same(smsLength(`${'停'.repeat(66)}😀${'停'.repeat(66)}`).parts, 3, 'no character is torn');
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 400 }), (text) => {
      const { units, parts } = smsLength(text);
      const least = units <= 70 ? Math.min(units, 1) : Math.ceil(units / 67);
      return units === text.length && parts >= least && parts <= least + Math.ceil(parts / 10) + 1;
    }),
  );
  t.end();
});

const input = (change: Partial<TextInput> = {}): TextInput => ({
  ...{ channel: 'sms', purpose: 'service', language: 'zh-CN', message: '今天下午停水。' },
  ...{ estate: '锦绣花园', callback: '4000', wasCalled: true, debt: null, sign: undefined },
  ...change,
});

void t.test('a debt is named to its owner and to nobody else', (t) => {
  const debt = { name: '王建国', room: '3栋2单元1201', owedFen: 37_300, link: 'https://pay/x' };
  t.equal(textOf(input()).body, '今天下午停水。');
  t.equal(textOf(input({ sign: '锦绣花园' })).body, '【锦绣花园】今天下午停水。');
  const named = textOf(input({ purpose: 'collection', debt })).body;
  t.match(named, /3栋2单元1201有373\.00元/);
  t.match(named, /https:\/\/pay\/x$/, 'nothing behind the address');
  const words = /欠|缴|费|debt|owe|pay|bill|¥|元|1201/i;
  for (const language of ['zh-CN', 'en'] as const) {
    const estate = language === 'en' ? 'Jinxiu Garden' : '锦绣花园';
    for (const channel of channels) {
      for (const wasCalled of [true, false]) {
        const plain = textOf(
          input({ ...{ language, channel, estate, wasCalled }, purpose: 'collection' }),
        );
        t.notMatch(plain.body, words, 'not even hinted at');
        t.notMatch(
          textOf(input({ language, channel, estate, purpose: 'collection', debt })).subject ?? '',
          words,
        );
      }
    }
    const mail = textOf(input({ language, estate, channel: 'email' }));
    t.match(mail.subject, language === 'en' ? /^Notice/ : /通知$/);
    t.notMatch(mail.subject ?? '', /[\r\n]/);
  }
  t.match(textOf(input({ purpose: 'marketing' })).body, /退订请致电4000/);
  fc.assert(
    fc.property(fc.boolean(), fc.boolean(), fc.boolean(), (isVerified, isOwner, isShared) => {
      const may = mayNameDebt({ isVerified, isOwner, isShared });
      return may === (isVerified && isOwner && !isShared);
    }),
  );
  t.end();
});

void t.test('addresses', (t) => {
  const mail = (text: string) => normaliseAddress('email', text);
  t.equal(mail(' Wang.Jianguo+x@Example.COM '), 'Wang.Jianguo+x@example.com');
  for (const bad of [
    ...['', 'a', '@b.cn', 'a@', 'a@b', 'a b@c.cn', 'a@b..cn', '.a@b.cn', 'a.@b.cn', 'a@-b.cn'],
    ...['a@1.2.3.4', 'a@b.cn\r\nBcc: x@y.cn', 'a@b.cn,c@d.cn', '<a@b.cn>', '"a"@b.cn', '王@b.cn'],
    `${'a'.repeat(65)}@b.cn`,
  ]) {
    t.equal(mail(bad), undefined, bad);
  }
  t.equal(normaliseAddress('fax', '+86 (571) 8888-0001'), '057188880001');
  t.equal(normaliseAddress('fax', '0571-8888 0001'), '057188880001');
  for (const bad of ['1234', 'fax', '1'.repeat(21), '12345;67']) {
    t.equal(normaliseAddress('fax', bad), undefined, bad);
  }
  t.same(
    ['13800000001', '057188880001', '4008001234', '85291234567', '88880001'].filter(isTextable),
    ['13800000001', '85291234567'],
  );
  t.end();
});

void t.test('a signature holds for its body, its secret and five minutes', (t) => {
  const secret = 'a-secret-of-sixteen';
  const signature = sign(secret, '{"a":1}', now);
  const check = (change: object) =>
    isSignedBy(secret, { signature, body: '{"a":1}', now, ...change });
  t.equal(check({}), true);
  t.equal(check({ now: later(299_000) }), true);
  t.equal(check({ now: later(301_000) }), false);
  t.equal(check({ body: '{"a":2}' }), false);
  t.equal(check({ signature: undefined }), false);
  t.equal(check({ signature: signature.replace('v1=', 'v1=0') }), false);
  t.equal(isSignedBy('another-secret-of-ours', { signature, body: '{"a":1}', now }), false);
  t.end();
});

void t.test('settings', (t) => {
  const read = (environment: Record<string, string>) => parseConfig(environment, false).messaging;
  const faults = (environment: Record<string, string>) => {
    try {
      read(environment);
      return '';
    } catch (error) {
      return (error as Error).message;
    }
  };
  t.match(read({}), { mail: undefined, sms: undefined, smsSign: undefined });
  const mail = { SMTP_URL: 'smtp://us%40er:p%3Ass@mail.example.com', MAIL_FROM: '物业 <a@b.cn>' };
  t.match(read(mail).mail, {
    ...{ host: 'mail.example.com', port: 587, isSecure: false },
    auth: { user: 'us@er', pass: 'p:ss' },
    from: { name: '物业', address: 'a@b.cn' },
  });
  t.match(read({ ...mail, SMTP_URL: 'smtps://[::1]' }).mail, { host: '::1', port: 465 });
  t.match(faults({ SMTP_URL: 'smtp://x' }), /MAIL_FROM must be set/);
  t.match(faults({ ...mail, MAIL_FROM: 'nobody' }), /MAIL_FROM must be like/);
  t.match(faults({ ...mail, SMTP_URL: 'mail.example.com' }), /SMTP_URL must be an address/);
  const sms = { SMS_URL: 'https://sms.example.com/send', SMS_TOKEN: 'x' };
  t.match(read(sms).sms, { url: sms.SMS_URL, token: 'x', isIdempotent: false });
  t.match(faults({ SMS_URL: sms.SMS_URL }), /SMS_TOKEN or SMS_SECRET/);
  t.match(faults({ ...sms, SMS_URL: 'http://sms.example.com' }), /must be https/);
  t.match(read({ ...sms, SMS_URL: 'http://127.0.0.1:9' }).sms, { token: 'x' });
  t.match(faults({ SMS_URL: 'http://s.cn', SMS_SECRET: 'short' }), /at least 16/);
  t.match(faults({ SMS_SIGN: '【x】' }), /SMS_SIGN/);
  t.end();
});

void t.test('places with a carrier', (t) => {
  const places = new Semaphore(2);
  const [one, other] = [places.take(0), places.take(0)];
  const [first, second] = [places.take(0), places.take(0)];
  t.ok(Number(first) >= 1000 && Number(second) > Number(first), 'one after the other');
  for (let n = 0; n < 100_000; n += 1) places.take(0);
  t.ok(Number(places.take(0)) <= 600_000, 'never longer than ten minutes');
  for (const release of [one, other]) if (typeof release === 'function') release();
  t.type(places.take(0), 'function');
  t.type(places.take(0), 'function');
  t.ok(Number(places.take(0)) < 2000, 'it had answered: the line is short again');
  t.end();
});

void t.test('given a carrier that is asked too often, then the rest comes later, in order', (t) => {
  const places = new Semaphore(1000, 5);
  const taken = Array.from({ length: 8 }, () => places.take(0));
  t.equal(taken.filter((one) => typeof one === 'function').length, 5);
  t.same(
    taken.filter((one) => typeof one === 'number'),
    [1200, 1400, 1600],
  );
  t.type(places.take(1200), 'function');
  t.end();
});

void t.test('the limits that every message obeys', (t) => {
  const noon = now;
  const night = new Date('2026-11-26T15:00:00Z');
  const judge = (change: Partial<LimitInput> = {}) =>
    mayWrite({
      ...{ channel: 'sms', purpose: 'service', topic: 'outage', isAsked: false },
      ...{ isOverridden: false, now: noon, zone: 'Asia/Shanghai', doNotCall: [] },
      ...{ wish: undefined, earlier: [], perAddress: 2 },
      ...change,
    });
  const wish = (isWanted: boolean, ...ways: ('call' | MessageChannel)[]) => ({
    ...{ isWanted, channels: ways, hours: null },
  });
  const listed = (scope: string, until: Date | null = null) => ({ doNotCall: [{ scope, until }] });
  const may = { may: true };
  t.same(judge(), may);
  t.match(judge(listed('all')), { limit: 'do_not_call', until: null });
  t.match(judge(listed('service')), { limit: 'do_not_call' });
  t.same(judge(listed('marketing')), may, 'of other calls');
  t.same(judge(listed('all', later(-1))), may, 'its time is over');
  t.match(judge({ ...listed('all'), isAsked: true }), { limit: 'do_not_call' });
  t.match(judge({ ...listed('all'), purpose: 'emergency' }), { limit: 'do_not_call' });
  t.same(judge({ ...listed('all'), purpose: 'emergency', isOverridden: true }), may);
  t.match(judge({ wish: wish(true, 'email') }), { limit: 'not_wanted', until: null });
  t.match(judge({ wish: wish(false, 'sms') }), { limit: 'not_wanted' });
  t.same(judge({ wish: wish(false, 'sms'), purpose: 'emergency' }), may);
  t.match(judge({ purpose: 'marketing', topic: 'offers' }), { limit: 'not_wanted' });
  t.match(judge({ now: night }), { limit: 'hours', until: new Date('2026-11-27T00:00:00Z') });
  t.same(judge({ now: night, channel: 'email' }), may, 'mails wait in silence');
  t.same(judge({ now: night, isAsked: true }), may, 'the person is on the line');
  t.same(judge({ now: night, purpose: 'emergency' }), may);
  const earlier = [later(-3600_000), later(-7200_000)];
  t.match(judge({ earlier }), { limit: 'per_address', until: null, reason: 'limit' });
  t.match(judge({ earlier, isAsked: true }), { limit: 'per_address' });
  t.same(judge({ earlier, purpose: 'emergency' }), may);
  fc.assert(
    fc.property(
      fc.constantFrom(...purposes),
      fc.constantFrom(...channels),
      fc.boolean(),
      fc.array(fc.integer({ min: 1, max: 86_399_999 }), { maxLength: 5 }),
      fc.integer({ min: 1, max: 4 }),
      (purpose, channel, isAsked, ages, perAddress) => {
        const verdict = judge({
          ...{ purpose, topic: null, channel, isAsked, perAddress, wish: wish(true, channel) },
          earlier: ages.map((ms) => later(-ms)),
        });
        return verdict.may === (ages.length < perAddress || purpose === 'emergency');
      },
    ),
  );
  t.end();
});
