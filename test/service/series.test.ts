import t from 'tap';
import { DateTime } from 'luxon';
import { silentLog } from '../../src/core/log.ts';
import { createCampaigns } from '../../src/outbound/campaigns/campaigns.ts';
import { createTestDatabase } from '../support/database.ts';

const zone = 'Asia/Shanghai';

void t.test('a campaign that repeats', async (t) => {
  const database = await createTestDatabase();
  t.teardown(() => database.drop());
  const { db } = database;
  let now = DateTime.fromISO('2026-11-26T08:30', { zone }).toJSDate();
  const campaigns = createCampaigns({
    db,
    clock: { now: () => now },
    log: silentLog(),
    scriptFaults: () => Promise.resolve([]),
    onChange: () => undefined,
  });
  const approved = async (until: string | null) => {
    const { id } = await campaigns.create(
      {
        name: '早间问候',
        kind: 'morning_call',
        startsAt: now.toISOString(),
        endsAt: new Date(now.getTime() + 3_600_000).toISOString(),
        settings: {
          audience: { subscribersOnly: true },
          repeat: { every: 'day', atMinute: 510, until },
          timeZone: zone,
        },
      },
      'staff:supervisor',
    );
    await campaigns.markHeard(id);
    await campaigns.submit(id, 'staff:supervisor');
    await campaigns.approve(id, 'staff:admin');
    return id;
  };
  const runsOf = (seriesId: string) =>
    db
      .selectFrom('campaign')
      .selectAll()
      .where('seriesId', '=', seriesId)
      .orderBy('startsAt')
      .execute();

  await t.test(
    'given a run that is done, then the next is approved for the next day',
    async (t) => {
      const id = await approved(null);
      await campaigns.start(id, 'system');
      now = DateTime.fromISO('2026-11-26T08:50', { zone }).toJSDate();
      await campaigns.finish(id);
      const [next, ...more] = await runsOf(id);
      t.same(more, []);
      t.match(next, {
        name: '早间问候 2026-11-27',
        state: 'approved',
        startsAt: DateTime.fromISO('2026-11-27T08:30', { zone }).toJSDate(),
        endsAt: DateTime.fromISO('2026-11-27T09:30', { zone }).toJSDate(),
        approvedBy: 'staff:admin',
        isPrepared: false,
        copiedFrom: id,
      });
      await t.test('when that one is at the end of its time, then there is a third', async (t) => {
        now = DateTime.fromISO('2026-11-27T09:30', { zone }).toJSDate();
        await campaigns.start(next?.id ?? '', 'system');
        await campaigns.stop(next?.id ?? '', 'system');
        const third = (await runsOf(id))[1];
        t.match(third, { name: '早间问候 2026-11-28', state: 'approved' });
        await campaigns.cancel(third?.id ?? '', 'staff:admin');
        t.equal((await runsOf(id)).length, 2, 'cancelled by hand, the series is over');
      });
    },
  );

  await t.test('given a run that is stopped by hand, then none follows', async (t) => {
    const id = await approved(null);
    await campaigns.start(id, 'system');
    await campaigns.stop(id, 'staff:admin');
    t.same(await runsOf(id), []);
  });

  await t.test('given the last day, then none follows', async (t) => {
    const id = await approved(DateTime.fromJSDate(now, { zone }).toFormat('yyyy-MM-dd'));
    await campaigns.start(id, 'system');
    await campaigns.finish(id);
    t.same(await runsOf(id), []);
  });
});
