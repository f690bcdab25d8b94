/** Whom a campaign is for: segments of people, besides their homes. */
import t from 'tap';
import type { Audience } from '../../src/contract/campaigns/audience.ts';
import { candidates } from '../../src/outbound/campaigns/audience.ts';
import { newId } from '../../src/core/ids.ts';
import { createCampaigns } from '../../src/outbound/campaigns/campaigns.ts';
import { Scope } from '../../src/db/index.ts';
import { contactsToCall, type Called } from '../../src/outbound/campaigns/eligibility.ts';
import { clock, database, givenOwner, log, now, openWriting } from '../support/writing.ts';

openWriting();

void t.test('given segments, then only those people are called', async (t) => {
  const { db } = database;
  const alone = await givenOwner();
  const english = await givenOwner();
  const important = await givenOwner();
  const usual = await givenOwner();
  const set = (personId: string, facts: object) =>
    db.updateTable('person').set(facts).where('id', '=', personId).execute();
  await set(alone.personId, { flags: ['elderly', 'lives_alone'] });
  await set(english.personId, { language: 'en' });
  await set(important.personId, { isVip: true });
  const roomIds = [alone, english, important, usual].map((one) => one.roomId);
  const campaigns = createCampaigns({
    db,
    clock,
    log,
    scriptFaults: () => Promise.resolve([]),
    onChange: () => undefined,
  });
  const called = async (segment: Audience) => {
    const campaign = await campaigns.create(
      {
        name: '停水通知',
        kind: 'notice',
        topic: 'outage',
        settings: {
          audience: { roomIds, ...segment },
          script: {
            flowId: 'campaign-notice',
            texts: { message: { 'zh-CN': '今天停水。', en: 'No water today.' } },
            isHumanVoice: false,
          },
        },
      },
      'supervisor',
    );
    const found = [];
    for await (const batch of candidates(db, campaign, now)) found.push(...batch);
    return found.map((one) => one.personId).sort();
  };
  const ids = (...people: { personId: string }[]) => people.map((one) => one.personId).sort();

  t.strictSame(await called({}), ids(alone, english, important, usual));
  t.strictSame(await called({ flags: ['lives_alone', 'disabled'] }), ids(alone), 'one is enough');
  t.strictSame(await called({ flags: [] }), [], 'none of nothing');
  t.strictSame(await called({ language: 'en' }), ids(english));
  t.strictSame(await called({ isVip: true }), ids(important));
  t.strictSame(await called({ isVip: false, language: 'zh-CN' }), ids(alone, usual));
  t.strictSame(await called({ roles: ['tenant'] }), []);
});

void t.test('whom a campaign calls is seen before it is approved, page by page', async (t) => {
  const { db } = database;
  const [asked, silent, listed] = [
    await givenOwner({ topic: 'offers', channels: ['call'] }),
    await givenOwner(),
    await givenOwner({ topic: 'offers', channels: ['call'] }),
  ];
  await db
    .insertInto('doNotCall')
    .values({
      ...{ id: newId(), number: listed.number, personId: null, scope: 'marketing', until: null },
      ...{ source: 'owner', reason: '不要推销', callId: null, createdBy: 'test', createdAt: now },
    })
    .execute();
  const campaigns = createCampaigns({
    ...{ db, clock, log, scriptFaults: () => Promise.resolve([]), onChange: () => undefined },
  });
  const roomIds = [asked, silent, listed].map((one) => one.roomId);
  const campaign = await campaigns.create(
    { name: '团购', kind: 'notice', topic: 'offers', settings: { audience: { roomIds } } },
    'staff:supervisor',
  );
  t.equal(campaign.purpose, 'marketing', 'an offer is no service notice');
  const whole = Scope.everything('a test');
  const seen: Called[] = [];
  let cursor: string | undefined;
  for (;;) {
    const request = { limit: 1, ...(cursor === undefined ? {} : { cursor }) };
    const page = await contactsToCall(whole, { db, clock }, campaign, request);
    seen.push(...page.items);
    if (page.nextCursor === null) break;
    cursor = page.nextCursor;
  }
  t.same(
    seen.map(({ position }) => position),
    [1, 2, 3],
  );
  const of = (personId: string) => seen.find((one) => one.personId === personId);
  t.match(of(asked.personId), { state: 'now', refusal: null, numbers: [asked.number] });
  t.match(of(silent.personId), { state: 'excluded', refusal: 'no_consent' });
  t.match(of(listed.personId), { state: 'excluded', refusal: 'do_not_call' });
  const left = await contactsToCall(whole, { db, clock }, campaign, {
    state: 'excluded',
    limit: 1,
  });
  t.equal(left.items.length, 1);
  t.not(left.nextCursor, null);
  await t.rejects(
    campaigns.create({ name: '团购', kind: 'notice', topic: 'offers', purpose: 'service' }, 'x'),
    { code: 'campaign.purpose_mismatch' },
  );
});
