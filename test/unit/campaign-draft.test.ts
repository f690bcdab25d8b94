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
