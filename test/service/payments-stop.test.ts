/** Payments of what a collection asks for end it at that home, and others do not. */
import t from 'tap';
import { newId } from '../../src/core/ids.ts';
import { excludePaid, paidWhileRinging } from '../../src/outbound/dialer/bulk.ts';
import { claim } from '../../src/outbound/dialer/claim.ts';
import { linesNow } from '../../src/outbound/dialer/lines.ts';
import { database, givenCampaign, givenOwner, now, openWriting } from '../support/writing.ts';

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
  const { trunks } = await linesNow(db, now);
  const { claimed } = await claim(db, fees, 1, trunks, now);
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
