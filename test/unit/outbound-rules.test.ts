import t from 'tap';
import fc from 'fast-check';
import { DateTime } from 'luxon';
import {
  checkScript,
  chooseMatter,
  isKnownTopic,
  isPublicHoliday,
  isSameLocalDay,
  mayCall,
  nextAllowedTime,
  refusalCodes,
  refusalTexts,
  rulesFor,
  scriptFaultCodes,
  scriptFaultTexts,
  topicRules,
  voiceLabel,
  type Purpose,
  type RuleInput,
  type Script,
} from '../../src/outbound/rules/index.ts';

const shanghai = 'Asia/Shanghai';

/** A Tuesday morning on which nothing speaks against a call. */
function input(change: Partial<RuleInput> = {}): RuleInput {
  const purpose = change.purpose ?? 'collection';
  return {
    purpose,
    now: at('2026-11-24T10:00'),
    zone: shanghai,
    number: '13800000001',
    person: { isMinor: false, flags: [] },
    doNotCall: [],
    choice: { isWanted: true, hours: null },
    hasConsent: false,
    debt: purpose === 'collection' ? debt() : null,
    history: [],
    attemptsInCampaign: 0,
    caps: rulesFor({ purpose, topic: change.topic }).caps,
    override: null,
    ...change,
  };
}

function debt(change: Partial<NonNullable<RuleInput['debt']>> = {}) {
  return { owedFen: 37_300, promisedUntil: null, isDisputed: false, ...change };
}

function at(local: string, zone = shanghai): Date {
  return DateTime.fromISO(local, { zone }).toJSDate();
}

function effective(...times: string[]) {
  return times.map((time) => ({ at: at(time), isEffective: true }));
}

function codeOf(change: Partial<RuleInput>): string {
  const verdict = mayCall(input(change));
  return verdict.may ? 'may' : verdict.code;
}

function retryOf(change: Partial<RuleInput>): string | null {
  const verdict = mayCall(input(change));
  if (verdict.may || verdict.retryAt === null) return null;
  return DateTime.fromJSDate(verdict.retryAt, { zone: change.zone ?? shanghai }).toFormat(
    'yyyy-MM-dd HH:mm',
  );
}

void t.test('whether somebody may be called', async (t) => {
  await t.test('given a plain debt on a working morning, then yes', (t) => {
    t.same(mayCall(input()), { may: true, overridden: [] });
    t.end();
  });

  await t.test('given the night, then no until eight in the morning of that zone', (t) => {
    t.equal(codeOf({ now: at('2026-11-24T22:00') }), 'quiet_hours');
    t.equal(codeOf({ now: at('2026-11-24T21:59') }), 'may');
    t.equal(codeOf({ now: at('2026-11-24T07:59') }), 'quiet_hours');
    t.equal(codeOf({ now: at('2026-11-24T08:00') }), 'may');
    t.equal(retryOf({ now: at('2026-11-24T23:30') }), '2026-11-25 08:00');
    t.equal(retryOf({ now: at('2026-11-24T03:00') }), '2026-11-24 08:00');
    // The same instant is morning in Shanghai and deep night in London.
    t.equal(codeOf({ now: at('2026-11-24T10:00'), zone: 'Europe/London' }), 'quiet_hours');
    // Urumqi lives two hours behind Beijing time, by its own zone.
    t.equal(codeOf({ now: at('2026-11-24T09:00'), zone: 'Asia/Urumqi' }), 'quiet_hours');
    t.end();
  });

  await t.test('given a zone that nobody knows, then nobody is called by its clock', (t) => {
    for (const zone of ['Asia/Shangai', 'nowhere', '+25:99', '']) {
      for (const now of [at('2026-11-24T03:00'), at('2026-11-24T10:00'), at('2026-10-01T10:00')]) {
        t.match(mayCall(input({ zone, now })), { may: false, retryAt: null }, zone);
        t.equal(codeOf({ zone, now }), 'quiet_hours', zone);
      }
    }
    t.equal(nextAllowedTime(at('2026-11-24T10:00'), 'nowhere', 'service', null), null);
    t.end();
  });

  await t.test('given a public holiday, then no debts and offers, but news of the home', (t) => {
    const now = at('2026-10-01T10:00');
    t.equal(codeOf({ now }), 'public_holiday');
    t.equal(codeOf({ now, purpose: 'marketing', hasConsent: true }), 'public_holiday');
    t.equal(codeOf({ now, purpose: 'service' }), 'may');
    t.equal(retryOf({ now }), '2026-10-08 08:00');
    t.ok(isPublicHoliday('2026-10-01'));
    t.notOk(isPublicHoliday('2026-10-10'), 'a make-up working day is none');
    t.notOk(isPublicHoliday('2026-11-21'), 'nor is a Saturday');
    t.ok(isPublicHoliday('2031-05-01'), 'fixed days are known without the decree');
    t.end();
  });

  await t.test('given three effective calls today, then the next one is tomorrow', (t) => {
    const three = effective('2026-11-24T08:30', '2026-11-24T09:00', '2026-11-24T09:30');
    t.equal(codeOf({ history: three }), 'effective_cap');
    t.equal(retryOf({ history: three }), '2026-11-25 08:00');
    t.equal(codeOf({ history: three.slice(1) }), 'may');
    const unheard = three.map((one) => ({ ...one, isEffective: false }));
    t.equal(codeOf({ history: unheard }), 'may', 'ringing in vain does not count');
    const yesterday = effective('2026-11-23T09:00', '2026-11-23T10:00', '2026-11-23T11:00');
    t.equal(codeOf({ history: yesterday }), 'may');
    t.end();
  });

  await t.test('given the attempts of a day, a week or a campaign used up, then no', (t) => {
    const five = Array.from({ length: 5 }, (_, n) => ({
      at: at(`2026-11-24T08:${10 + n}`),
      isEffective: false,
    }));
    t.equal(codeOf({ history: five }), 'daily_cap');
    const seven = Array.from({ length: 7 }, (_, n) => ({
      at: at(`2026-11-${18 + Math.floor(n / 2)}T09:0${n}`),
      isEffective: false,
    }));
    t.equal(codeOf({ history: seven }), 'weekly_cap');
    t.equal(retryOf({ history: seven }), '2026-11-25 09:00', 'when the oldest is a week old');
    t.equal(codeOf({ attemptsInCampaign: 6 }), 'campaign_cap');
    t.equal(retryOf({ attemptsInCampaign: 6 }), null);
    t.end();
  });

  await t.test('given what lies in person or debt, then the reason is named', (t) => {
    const now = at('2026-11-24T10:00');
    t.equal(codeOf({ number: 'anonymous' }), 'invalid_number');
    t.equal(codeOf({ debt: debt({ owedFen: 0 }) }), 'nothing_owed');
    t.equal(codeOf({ debt: debt({ isDisputed: true }) }), 'disputed');
    t.equal(codeOf({ person: { isMinor: true, flags: [] } }), 'minor');
    t.equal(codeOf({ person: { isMinor: false, flags: ['bereaved'] } }), 'sensitive');
    t.equal(codeOf({ purpose: 'service', person: { isMinor: false, flags: ['ill'] } }), 'may');
    t.equal(codeOf({ doNotCall: [{ scope: 'all', until: null }] }), 'do_not_call');
    t.equal(codeOf({ doNotCall: [{ scope: 'marketing', until: null }] }), 'may');
    t.equal(codeOf({ doNotCall: [{ scope: 'collection', until: now }] }), 'may', 'it has ended');
    t.equal(
      retryOf({ doNotCall: [{ scope: 'collection', until: at('2026-12-01T12:00') }] }),
      '2026-12-01 12:00',
    );
    t.equal(codeOf({ purpose: 'marketing' }), 'no_consent', 'silence is a refusal');
    t.equal(codeOf({ purpose: 'marketing', hasConsent: true }), 'may');
    t.equal(codeOf({ choice: { isWanted: false, hours: null } }), 'not_wanted');
    const promised = debt({ promisedUntil: at('2026-11-28T23:00') });
    t.equal(codeOf({ debt: promised }), 'promise_pending');
    t.equal(retryOf({ debt: promised }), '2026-11-29 08:00', 'the promised day, then the morning');
    const evening = { isWanted: true, hours: { fromMinute: 18 * 60, toMinute: 20 * 60 } };
    t.equal(codeOf({ choice: evening }), 'chosen_hours');
    t.equal(retryOf({ choice: evening }), '2026-11-24 18:00');
    t.end();
  });

  await t.test('given an emergency at night, then a named approver is needed', (t) => {
    const night = { purpose: 'emergency' as const, now: at('2026-11-24T03:00') };
    t.equal(codeOf(night), 'quiet_hours');
    const override = {
      approvedBy: '张主任',
      approvedAt: at('2026-11-24T02:55'),
      reason: '燃气泄漏',
    };
    t.same(mayCall(input({ ...night, override })), { may: true, overridden: ['quiet_hours'] });
    t.equal(codeOf({ ...night, override: { ...override, approvedBy: ' ' } }), 'quiet_hours');
    t.equal(codeOf({ ...night, override, number: '' }), 'invalid_number', 'not even then');
    t.equal(
      codeOf({ now: night.now, override }),
      'quiet_hours',
      'no approval makes collection at night lawful',
    );
    t.end();
  });

  await t.test('given any case, then a retry is in the future and lawful by its time', (t) => {
    const purposes: Purpose[] = ['collection', 'service', 'research', 'marketing', 'emergency'];
    const zones = [shanghai, 'Asia/Urumqi', 'Europe/London', 'America/New_York'];
    const minute = fc.integer({ min: 0, max: 1439 });
    fc.assert(
      fc.property(
        fc.constantFrom(...purposes),
        fc.constantFrom(...zones),
        fc.date({ min: new Date('2026-01-01'), max: new Date('2027-12-31'), noInvalidDate: true }),
        fc.option(fc.record({ fromMinute: minute, toMinute: minute })),
        fc.array(fc.record({ agoMs: fc.nat(8 * 86_400_000), isEffective: fc.boolean() }), {
          maxLength: 12,
        }),
        (purpose, zone, now, hours, past) => {
          const history = past.map(({ agoMs, isEffective }) => ({
            at: new Date(now.getTime() - agoMs),
            isEffective,
          }));
          const verdict = mayCall(
            input({
              purpose,
              zone,
              now,
              history,
              hasConsent: true,
              choice: { isWanted: true, hours },
            }),
          );
          const today = history.filter((one) => isSameLocalDay(one.at, now, zone));
          const local = DateTime.fromJSDate(now, { zone }).hour;
          if (verdict.may) {
            if (local >= 22 || local < 8) throw new Error('called at night');
            const count = today.filter((one) => one.isEffective).length;
            if (count >= rulesFor({ purpose }).caps.effectivePerDay) {
              throw new Error('called too often');
            }
            return;
          }
          if (verdict.retryAt === null) return;
          if (verdict.retryAt < now) throw new Error('the retry lies in the past');
          const allowed = nextAllowedTime(verdict.retryAt, zone, purpose, hours);
          if (allowed?.getTime() !== verdict.retryAt.getTime()) {
            throw new Error('an unlawful retry');
          }
        },
      ),
      { numRuns: 400 },
    );
    t.end();
  });

  await t.test('given any reason, then it has words in both languages', (t) => {
    for (const code of refusalCodes) {
      t.match(refusalTexts[code]['zh-CN'], /。$/, code);
      t.match(refusalTexts[code].en, /\.$/, code);
    }
    for (const code of scriptFaultCodes) {
      t.match(scriptFaultTexts[code]['zh-CN'], /。$/, code);
      t.match(scriptFaultTexts[code].en, /\.$/, code);
    }
    t.end();
  });
});

void t.test('what a call is about decides its rules', async (t) => {
  const usual = { purpose: 'service', topic: 'notice' } as const;
  const agents = { purpose: 'research', topic: 'contact' } as const;

  await t.test('given an offer, then it is no service notice and needs consent', (t) => {
    for (const topic of ['offers', 'entertainment', 'telesales'] as const) {
      t.same(chooseMatter({ topic }, usual), { topic, purpose: 'marketing' });
      t.equal(codeOf({ purpose: 'marketing', topic }), 'no_consent', topic);
      // As former versions wrote it down.
      t.equal(codeOf({ purpose: 'service', topic }), 'no_consent', topic);
      t.match(chooseMatter({ topic, purpose: 'service' }, usual), {
        mismatch: { topic, purposes: ['marketing'] },
      });
    }
    const sunday = { now: at('2026-10-01T10:00'), topic: 'offers', hasConsent: true };
    t.equal(codeOf({ ...sunday, purpose: 'service' }), 'public_holiday');
    t.equal(rulesFor({ purpose: 'service', topic: 'offers' }).caps.attemptsPerDay, 1);
    t.equal(
      codeOf({
        ...{ purpose: 'service', topic: 'offers', hasConsent: true },
        doNotCall: [{ scope: 'marketing', until: null }],
      }),
      'do_not_call',
    );
    t.end();
  });

  await t.test('given agents who sell, then it is no research', (t) => {
    t.same(chooseMatter({ purpose: 'marketing' }, agents), {
      ...{ purpose: 'marketing', topic: 'telesales' },
    });
    t.same(chooseMatter({ topic: 'telesales' }, agents), {
      ...{ purpose: 'marketing', topic: 'telesales' },
    });
    t.same(chooseMatter({}, agents), agents);
    t.same(chooseMatter({ purpose: 'service' }, agents), { purpose: 'service', topic: 'contact' });
    t.end();
  });

  await t.test('given a morning call that nobody ordered, then nobody is woken', (t) => {
    const morning = { purpose: 'service', topic: 'morning_call' } as const;
    t.equal(codeOf(morning), 'no_consent');
    t.equal(codeOf({ ...morning, hasConsent: true }), 'may');
    t.end();
  });

  await t.test('given an emergency or outage, then it needs no consent', (t) => {
    t.same(chooseMatter({ purpose: 'emergency' }, usual), {
      ...{ purpose: 'emergency', topic: 'emergency' },
    });
    t.same(chooseMatter({ topic: 'outage' }, usual), { purpose: 'service', topic: 'outage' });
    t.same(chooseMatter({ topic: 'outage', purpose: 'emergency' }, usual), {
      ...{ purpose: 'emergency', topic: 'outage' },
    });
    t.equal(codeOf({ purpose: 'emergency', topic: 'emergency' }), 'may');
    t.equal(codeOf({ purpose: 'service', topic: 'outage' }), 'may');
    t.equal(codeOf({ purpose: 'service', topic: 'clinic' }), 'may');
    t.end();
  });

  await t.test(
    'given any topic and purpose, then a campaign that is made has the rules it names',
    (t) => {
      for (const topic of Object.keys(topicRules).filter(isKnownTopic)) {
        for (const purpose of topicRules[topic].purposes) {
          const rules = rulesFor({ purpose, topic });
          t.equal(rules.purpose, purpose, topic);
          t.equal(rules.refusals.includes('no_consent'), rules.consent === 'opt_in', topic);
          t.ok(purpose !== 'marketing' || rules.consent === 'opt_in', topic);
          t.equal(rules.canBeOverridden, purpose === 'emergency', topic);
          t.same(chooseMatter({ topic, purpose }, usual), { topic, purpose });
        }
      }
      t.end();
    },
  );
});

void t.test('what a script may say', async (t) => {
  const script = (change: Partial<Script> = {}): Script => ({
    purpose: 'collection',
    opening: {
      'zh-CN': `您好，这里是锦绣花园物业服务中心。${voiceLabel['zh-CN']}`,
      en: `Hello, this is Jinxiu Garden. ${voiceLabel.en}`,
    },
    beforeIdentity: [],
    afterIdentity: [
      { 'zh-CN': '您本期物业费合计{total:money}，请按1确认。', en: 'You owe {total:money}.' },
    ],
    isHumanVoice: false,
    ...change,
  });
  const codes = (spoken: string, change: Partial<Script> = {}) =>
    checkScript(script({ afterIdentity: [{ 'zh-CN': spoken }], ...change })).map(
      (fault) => fault.code,
    );
  const codesEn = (spoken: string) =>
    checkScript(script({ afterIdentity: [{ en: spoken }] })).map((fault) => fault.code);

  await t.test('given a decent script, then nothing is found', (t) => {
    t.same(checkScript(script()), []);
    t.same(codes('如有异议，请按3。我们将依法维护权益。'), []);
    t.same(codes('请您放心，我们不会停水停电。').length, 1, 'one denial does not cover the other');
    t.same(codes('请您放心，我们不会停水，也不会停电。'), []);
    t.same(codesEn('We will never cut off your water.'), []);
    t.end();
  });

  await t.test('given a threat, then it is found, however it is written', (t) => {
    for (const threat of [
      '逾期将停水。',
      '否则停 电处理',
      '我们将停止供水',
      '将暂停提供供暖',
      '断水断电',
      '将关停您家的燃气',
      '停-水',
    ]) {
      t.ok(codes(threat).includes('threat_of_cutting_off'), threat);
    }
    for (const threat of ['列入黑名单', '公示您的姓名', '将通知您的单位']) {
      t.ok(codes(threat).includes('threat_of_exposure'), threat);
    }
    for (const threat of ['后果自负', '停用您的门禁', '上门催收']) {
      t.ok(codes(threat).includes('threat_of_force'), threat);
    }
    t.ok(codesEn('Or we cut off your water.').includes('threat_of_cutting_off'));
    t.ok(codesEn('We will disconnect the power.').includes('threat_of_cutting_off'));
    t.ok(codesEn('We will inform your neighbours.').includes('threat_of_exposure'));
    t.end();
  });

  await t.test('given an outage notice, then its words are no threat', (t) => {
    t.same(codes('明天上午停水检修，请储水。', { purpose: 'service' }), []);
    t.end();
  });

  await t.test('given debts before the person is known, then that is a fault', (t) => {
    const early = script({ beforeIdentity: [{ 'zh-CN': '您有欠费，本人接听请按1。' }] });
    t.same(checkScript(early), [
      { code: 'debt_before_identity', language: 'zh-CN', words: '欠费' },
    ]);
    const amount = script({ beforeIdentity: [{ en: 'About {total:money}.' }] });
    t.equal(checkScript(amount)[0]?.code, 'debt_before_identity');
    t.end();
  });

  await t.test('given a machine that does not say so, then the label is missed', (t) => {
    const bare = { 'zh-CN': '您好，这里是物业。', en: 'Hello.' };
    t.same(
      checkScript(script({ opening: bare })).map((fault) => `${fault.code} ${fault.language}`),
      ['no_voice_label zh-CN', 'no_voice_label en'],
    );
    t.same(checkScript(script({ opening: bare, isHumanVoice: true })), []);
    t.end();
  });
});
