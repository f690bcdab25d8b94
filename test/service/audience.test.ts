/** Whom a campaign is for: segments of people, besides their homes. */
import t from 'tap';
import type { Audience } from '../../src/api/contract/campaigns.ts';
import { candidates } from '../../src/outbound/campaigns/audience.ts';
import { createCampaigns } from '../../src/outbound/campaigns/campaigns.ts';
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
