import t from 'tap';
import dayjs from 'dayjs';
import type { Campaign } from '../../web/src/scenes/campaigns/campaign.types.ts';
import { emptyDraft, fromCampaign, toRequest } from '../../web/src/scenes/campaigns/draft.ts';

void t.test('given a schedule in the editor, then it is sent, and comes back the same', (t) => {
  const request = toRequest({
    ...emptyDraft,
    name: '早间问候',
    kind: 'morning_call',
    messageZh: '早上好。',
    messageEn: 'Good morning.',
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
