/** Whom campaigns call, with the database alone: payments that end a call, the policy of calls outside, who works a preview. */
import t from 'tap';
import { newId } from '../../src/core/ids.ts';
import { excludePaid, paidWhileRinging } from '../../src/outbound/dialer/bulk.ts';
import { claim } from '../../src/outbound/dialer/claim.ts';
import { trunkChannelsNow } from '../../src/outbound/dialer/trunk-channels.ts';
import { createAgentWork } from '../../src/outbound/campaigns/agent-work.ts';
import { claimReserved } from '../../src/outbound/dialer/claim.ts';
import { seedDemoStaff } from '../../src/organisation/index.ts';
import { openPolicy } from '../support/open-policy.ts';
import {
  clock,
  database,
  givenCampaign,
  givenOwner,
  now,
  openWriting,
  outside,
} from '../support/writing.ts';

openWriting();

void t.test('given a collection of property fees, then only their payment ends it', async (t) => {
  const { db } = database;
  const owner = await givenOwner();
  const { roomId } = owner;
  const bill = (kind: 'property' | 'water') =>
    db
      .insertInto('bill')
      .values({
        ...{ id: newId(), roomId, kind, period: '2026-10', amountFen: 10_000, dueOn: '2026-11-10' },
      })
      .execute();
  await bill('property');
  await bill('water');
  const pay = (kind: 'property' | 'water', paidFen: number) =>
    db
      .updateTable('bill')
      .set({ paidFen })
      .where('roomId', '=', roomId)
      .where('kind', '=', kind)
      .execute();
  const fees = await givenCampaign([roomId], {
    kind: 'arrears',
    topic: 'arrears',
    settings: { audience: { roomIds: [roomId], debt: { kinds: ['property'] } } },
  });
  const all = await givenCampaign([roomId], { kind: 'arrears', topic: 'arrears' });
  const { trunks } = await trunkChannelsNow(db, now);
  const { claimed } = await claim(db, fees, 1, trunks, now, outside());
  t.equal(claimed.length, 1, 'it rings');
  const states = async () => {
    const rows = await db
      .selectFrom('campaignContact')
      .select(['campaignId', 'state', 'refusal'])
      .where('roomId', '=', roomId)
      .execute();
    return new Map(rows.map((row) => [row.campaignId, `${row.state} ${row.refusal ?? ''}`.trim()]));
  };
  await pay('water', 10_000);
  t.same(await paidWhileRinging(db, now), []);
  t.same(await excludePaid(db, [roomId], now), []);
  await pay('property', 5000);
  t.same(await paidWhileRinging(db, now), [], 'a part is not all');
  await pay('water', 0);
  await pay('property', 10_000);
  t.same(await paidWhileRinging(db, now), [roomId]);
  const [ringing] = await excludePaid(db, [roomId], now);
  t.equal(ringing?.callId, claimed[0]?.attempt.callId, 'its call is taken back');
  const after = await states();
  t.equal(after.get(fees.id), 'excluded nothing_owed');
  t.equal(after.get(all.id), 'waiting', 'the water is still owed there');
});

void t.test(
  'a campaign’s calls are written down, and a number used up waits for tomorrow',
  async (t) => {
    const { db } = database;
    const owner = await givenOwner();
    const notice = await givenCampaign([owner.roomId]);
    const { trunks } = await trunkChannelsNow(db, now);
    const policy = openPolicy({ db, clock }, { mostPerNumber: 1 });
    await policy.noteCampaign(db, [{ number: owner.number, callId: newId(), staffId: null }]);
    const take = async () => (await claim(db, notice, 1, trunks, now, policy)).claimed;
    t.same(await take(), []);
    const waiting = await db
      .selectFrom('campaignContact')
      .select(['state', 'nextAt'])
      .where('campaignId', '=', notice.id)
      .executeTakeFirstOrThrow();
    t.match(waiting, { state: 'waiting', nextAt: new Date('2026-11-26T16:00:00Z') });
    await db.deleteFrom('outsideCall').execute();
    await db
      .updateTable('campaignContact')
      .set({ nextAt: now })
      .where('campaignId', '=', notice.id)
      .execute();
    const [made] = await take();
    const rows = await db
      .selectFrom('outsideCall')
      .select(['callId', 'purpose', 'number'])
      .execute();
    t.same(rows, [{ callId: made?.attempt.callId, purpose: 'campaign', number: owner.number }]);
  },
);

void t.test(
  'an agent of another queue does not work a campaign, nor write into its calls',
  async (t) => {
    const { db } = database;
    await seedDemoStaff(db, 'a-test-password');
    const [mine = '', other = ''] = (
      await db.selectFrom('staff').select('id').where('role', '=', 'agent').orderBy('id').execute()
    ).map(({ id }) => id);
    const queueOf = async (code: string, staffId: string) => {
      const id = newId();
      await db.insertInto('queue').values({ id, code, settings: '{}' }).execute();
      await db.insertInto('queueMember').values({ queueId: id, staffId }).execute();
      return id;
    };
    const queueId = await queueOf('own', mine);
    await queueOf('another', other);
    const campaignOf = async (mode: 'preview' | 'progressive', priority: number) =>
      givenCampaign([(await givenOwner()).roomId], {
        ...{ kind: 'agent_list', topic: 'contact', priority },
        settings: { mode, queueId },
      });
    const slight = await campaignOf('preview', 8);
    const preview = await campaignOf('preview', 1);
    const progressive = await campaignOf('progressive', 4);
    const work = createAgentWork({
      ...{ db, clock },
      dialReserved: async (campaign, by) => {
        const { trunks } = await trunkChannelsNow(db, now);
        const made = await claimReserved(db, campaign, by, trunks, now, outside());
        return typeof made === 'string' ? { refused: made } : { callId: made.attempt.callId };
      },
    });
    t.same(
      (await work.campaigns(mine)).items.map(({ id }) => id),
      [preview.id, progressive.id, slight.id],
      'the most important first',
    );
    const refused = { code: 'campaign.not_your_queue', status: 403 };
    await t.rejects(work.next(preview.id, other), refused);
    await t.rejects(work.next(progressive.id, mine), { code: 'campaign.not_preview' });
    const { contactId } = await work.next(preview.id, mine);
    await t.rejects(work.dial(preview.id, contactId, other), refused);
    const { callId } = await work.dial(preview.id, contactId, mine);
    const outcome = { disposition: 'done', note: '' };
    const theirs = { code: 'campaign.not_your_call', status: 403 };
    await t.rejects(work.write(callId, outcome, other), theirs);
    await t.rejects(work.card(callId, other), theirs);
    await t.rejects(work.cardIfAny(callId, other), theirs);
    t.match(await work.card(callId, mine), { contactId });
    await work.write(callId, outcome, mine);
    await db.updateTable('campaign').set({ endsAt: now }).where('id', '=', slight.id).execute();
    await t.rejects(work.next(slight.id, mine), { code: 'campaign.nobody_left' });
  },
);
