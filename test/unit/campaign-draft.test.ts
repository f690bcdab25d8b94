import t from 'tap';
import dayjs from 'dayjs';
import type { Campaign } from '../../web/src/staff/scenes/campaigns/campaign.types.ts';
import { topicRules } from '../../src/outbound/rules/index.ts';
import { checkSheet } from '../../src/outbound/campaigns/agent-sheet.ts';
import { doneOf } from '../../web/src/staff/scenes/campaigns/done.ts';
import { startWords } from '../../web/src/staff/scenes/campaigns/start-words.ts';
import { topicsOf } from '../../web/src/staff/scenes/campaigns/editor/topics.ts';
import { translateTo } from '../support/texts.ts';
import type { Preview } from '../../web/src/staff/scenes/campaigns/campaign.types.ts';
import {
  emptyDraft,
  fromCampaign,
  toRequest,
} from '../../web/src/staff/scenes/campaigns/editor/draft.ts';

void t.test('given a schedule in the editor, then it is sent, and comes back the same', (t) => {
  const request = toRequest({
    ...emptyDraft,
    name: '早间问候',
    kind: 'morning_call',
    messageZh: '早上好。',
    // English is optional.
    messageEn: ' ',
    startsAt: dayjs('2026-11-27T08:30:00+08:00'),
    repeatEvery: 'week',
    repeatAt: dayjs('2026-11-27T08:35'),
    repeatUntil: dayjs('2027-03-01'),
  });
  t.match(request, {
    startsAt: '2026-11-27T00:30:00.000Z',
    endsAt: null,
    settings: { repeat: { every: 'week', atMinute: 515, until: '2027-03-01' } },
  });
  t.same(request.settings?.script?.texts, { message: { 'zh-CN': '早上好。' } });
  const back = fromCampaign({
    ...request,
    purpose: 'service',
    settings: { ...request.settings, overrideReason: null, queueId: null },
  } as unknown as Campaign);
  t.same(toRequest(back), request);
  t.end();
});

void t.test('given no rhythm, or one that was cleared, then it runs once', (t) => {
  t.equal(toRequest(emptyDraft).settings?.repeat, null);
  // What a select holds after it was cleared.
  const cleared = { ...emptyDraft, repeatEvery: undefined as unknown as null, repeatAt: dayjs() };
  t.equal(toRequest(cleared).settings?.repeat, null);
  t.end();
});

void t.test('given rules that the editor does not show, then they stay as they were', (t) => {
  const settings = {
    audience: {
      ...{ unitIds: ['u1'], roles: ['tenant'], flags: ['lives_alone'], language: 'en' },
      ...{ isVip: true, order: { kinds: ['repair'], states: ['done'], changedWithinDays: 7 } },
    },
    script: { flowId: 'campaign-survey', texts: {}, isHumanVoice: false },
    ...{ mode: 'automatic', queueId: null, overrideReason: null, repeat: null, fallback: ['sms'] },
    ...{ maxLines: 20, callsPerSecond: 5, ringSec: 30, attemptsPerContact: 6 },
    ...{ onMachine: 'hang_up', abandonCap: 0.02, timeZone: 'Asia/Shanghai' },
  };
  const times = { startsAt: null, endsAt: null };
  const campaign = { name: '回访', kind: 'survey', purpose: 'research', settings, ...times };
  const request = toRequest(fromCampaign(campaign as unknown as Campaign));
  t.same(request.settings, settings);
  const fees = {
    ...campaign,
    kind: 'arrears',
    settings: { ...settings, audience: { debt: { kinds: ['property'], overdueDays: 30 } } },
  };
  t.same(toRequest(fromCampaign(fees as unknown as Campaign)).settings?.audience, {
    debt: { kinds: ['property'], overdueDays: 30 },
  });
  t.end();
});

void t.test('given a list that is taken away, then the rules count', (t) => {
  const draft = { ...emptyDraft, kept: { audience: { listId: 'l1' } }, roles: ['owner' as const] };
  t.same(toRequest(draft).settings?.audience, { roles: ['owner'] });
  t.end();
});

void t.test('an offer leaves the editor as an offer, telesales as sales', (t) => {
  const offer = { ...emptyDraft, topic: 'offers' as const, purpose: 'service' as const };
  t.match(toRequest(offer), { topic: 'offers', purpose: 'marketing' });
  const sales = { ...emptyDraft, kind: 'agent_list' as const, topic: 'telesales' as const };
  t.match(toRequest(sales), { topic: 'telesales', purpose: 'marketing' });
  const gas = { ...emptyDraft, topic: 'outage' as const, purpose: 'emergency' as const };
  t.match(toRequest({ ...gas, overrideReason: '燃气泄漏' }), {
    ...{ topic: 'outage', purpose: 'emergency', settings: { overrideReason: '燃气泄漏' } },
  });
  t.end();
});

void t.test('the editor offers every topic', (t) => {
  const offered = new Set(Object.values(topicsOf).flat());
  t.same([...offered].sort(), Object.keys(topicRules).sort());
  t.end();
});

void t.test('the form of agents is edited, and what was there keeps its keys', (t) => {
  const draft = { ...emptyDraft, kind: 'agent_list' as const, topic: 'survey' as const };
  const question = { zh: '保洁', en: 'Cleaning', options: ['满意'], isRequired: true };
  const sheet = {
    ...draft.sheet,
    questions: [
      { ...question, key: 'question1', kind: 'text' as const },
      { ...question, kind: 'choice' as const },
    ],
    results: [...draft.sheet.results, { zh: '已成交', en: 'Sold' }],
  };
  const request = toRequest({ ...draft, sheet });
  const made = request.settings?.sheet;
  t.match(made?.fields, [{ key: 'question1' }, { key: 'question2', options: ['满意'] }]);
  t.notOk(made?.fields[0]?.options);
  t.match(made?.dispositions.at(-1), { code: 'result_a', label: { en: 'Sold' } });
  const back = fromCampaign(request as unknown as Campaign);
  t.same(toRequest(back).settings?.sheet, made);
  if (made !== undefined) {
    t.doesNotThrow(() => checkSheet(made));
    const [first] = made.fields;
    t.throws(() => checkSheet({ ...made, fields: [first, first].flatMap((one) => one ?? []) }), {
      code: 'campaign.bad_sheet',
    });
  }
  t.end();
});

void t.test('a campaign that was stopped is not done, and starting one says how many ring', (t) => {
  t.equal(doneOf({ reached: 2, unreached: 1, excluded: 1, stopped: 5, waiting: 1 }), 4);
  const words = (preview: Partial<Preview>) =>
    startWords(translateTo('zh-CN'), { writtenFirst: 0, excluded: {}, ...preview } as Preview);
  t.equal(words({ called: 183, callableNow: 183 })[0], '将立即呼叫 183 户，确定开始吗？');
  t.same(words({ called: 10, callableNow: 4, excluded: { minor: 2 } }).slice(1), [
    '另有 6 户稍后呼叫。',
    '2 户不呼叫。',
  ]);
  t.match(words({ called: 10, callableNow: 0 })[0], /10 户将在时段允许后/);
  t.match(words({ called: 0, callableNow: 0 })[0], /没有可以呼叫/);
  t.end();
});
