import t from 'tap';
import { sql } from 'kysely';
import { DateTime } from 'luxon';
import type { NewCampaign } from '../../src/contract/campaigns/campaigns.ts';
import { publishFlows } from '../../src/content/index.ts';
import { campaignFlows } from '../../src/ivr/index.ts';
import { Scope } from '../../src/db/index.ts';
import { auditList, seedDemoStaff } from '../../src/organisation/index.ts';
import { silentLog } from '../../src/core/log.ts';
import { createCampaigns } from '../../src/outbound/campaigns/campaigns.ts';
import { namesOfRunning } from '../../src/outbound/campaigns/read-campaign.ts';
import { createTestDatabase } from '../support/database.ts';

const zone = 'Asia/Shanghai';

void t.test('a campaign that repeats', async (t) => {
  const database = await createTestDatabase();
  t.teardown(() => database.drop());
  const { db } = database;
  let now = DateTime.fromISO('2026-11-26T08:30', { zone }).toJSDate();
  let whileChecked = () => Promise.resolve();
  const campaigns = createCampaigns({
    db,
    clock: { now: () => now },
    log: silentLog(),
    scriptFaults: () => whileChecked().then(() => []),
    onChange: () => undefined,
  });
  /** Somebody approves it, and while its script is checked it is sent back, written anew, heard and submitted. */
  const changedMeanwhile = (id: string, draft: NewCampaign) => {
    whileChecked = async () => {
      whileChecked = () => Promise.resolve();
      await campaigns.sendBack(id, 'staff:admin', '');
      const { version } = await campaigns.change(id, draft, 'staff:agent1');
      await campaigns.markHeard(id, version);
      await campaigns.submit(id, 'staff:supervisor');
    };
    return campaigns.approve(id, 'staff:admin');
  };
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
    await campaigns.markHeard(id, 1);
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

  await t.test(
    'whoever makes, approves, starts or stops a campaign stands in the audit',
    async (t) => {
      await seedDemoStaff(db, 'a-test-password');
      const draft = { name: '停水通知', kind: 'notice' as const };
      const author = 'staff:supervisor';
      const { id } = await campaigns.create(draft, author);
      await campaigns.change(id, { ...draft, name: '停水通知（更正）' }, 'staff:agent1');
      await t.rejects(campaigns.change(id, { ...draft, name: '停水通知（更正）' }, author), {
        code: 'request.unchanged',
      });
      const settings = { audience: { flags: ['lives_alone'] } };
      await campaigns.change(id, { ...draft, settings }, author);
      await campaigns.markHeard(id, 3);
      await campaigns.submit(id, author);
      await campaigns.sendBack(id, 'staff:admin', '时间不对');
      await campaigns.submit(id, author);
      await t.rejects(campaigns.approve(id, author), { code: 'campaign.own_approval' });
      await campaigns.approve(id, 'staff:admin');
      await campaigns.start(id, author);
      t.same(await namesOfRunning(db), ['停水通知'], 'a restart tells that it goes on');
      await campaigns.pause(id, author);
      await campaigns.resume(id, author);
      await campaigns.pause(id, author);
      await campaigns.stop(id, 'staff:admin');
      const { items } = await auditList(Scope.everything('a test'), db, { subject: id, limit: 50 });
      t.same(
        items.map(({ act, staffName }) => `${act} ${staffName ?? ''}`).sort(),
        [
          ...['campaign.approved 系统管理员', 'campaign.changed 客服 陈静'],
          ...['campaign.changed 班长 周敏', 'campaign.created 班长 周敏'],
          ...['campaign.paused 班长 周敏', 'campaign.paused 班长 周敏'],
          ...['campaign.resumed 班长 周敏', 'campaign.sent_back 系统管理员'],
          ...['campaign.started 班长 周敏', 'campaign.stopped 系统管理员'],
          ...['campaign.submitted 班长 周敏', 'campaign.submitted 班长 周敏'],
        ].sort(),
        'once each, with what was refused left out',
      );
      t.ok(items.every(({ target }) => target?.kind === 'campaign' && target.pageId === id));
      t.match(items.find(({ act }) => act === 'campaign.sent_back')?.details, {
        reason: '时间不对',
      });
    },
  );

  await t.test(
    'given an editor whose text another one touched after, then neither approves it',
    async (t) => {
      const draft = { name: '停电通知', kind: 'notice' as const };
      const { id } = await campaigns.create(draft, 'staff:supervisor');
      const settings = { audience: { flags: ['lives_alone'] } };
      await campaigns.change(id, { ...draft, settings }, 'staff:admin');
      await campaigns.change(id, { ...draft, settings, name: '停电通知（二）' }, 'staff:agent1');
      await campaigns.markHeard(id, 3);
      await campaigns.submit(id, 'staff:supervisor');
      for (const one of ['staff:admin', 'staff:agent1', 'staff:supervisor']) {
        await t.rejects(campaigns.approve(id, one), { code: 'campaign.own_approval' }, one);
      }
      t.match(await campaigns.approve(id, 'staff:agent2'), { state: 'approved' });
    },
  );

  await t.test('given a text written during the test call, then nobody has heard it', async (t) => {
    const draft = { name: '停气通知', kind: 'notice' as const };
    const settings = { audience: { flags: ['lives_alone'] } };
    const { id, version } = await campaigns.create({ ...draft, settings }, 'staff:supervisor');
    const after = { ...draft, settings, name: '停气通知（二）' };
    const changed = await campaigns.change(id, after, 'staff:supervisor');
    await campaigns.markHeard(id, version);
    t.equal((await campaigns.find(id)).heardAt, null);
    await campaigns.submit(id, 'staff:supervisor');
    await t.rejects(campaigns.approve(id, 'staff:admin'), { code: 'campaign.not_heard' });
    await campaigns.markHeard(id, changed.version);
    t.match(await campaigns.approve(id, 'staff:admin'), { state: 'approved' });
  });

  await t.test(
    'given a text changed since the approver looked, then the approval is refused',
    async (t) => {
      const draft = { name: '电梯检修', kind: 'notice' as const };
      const settings = { audience: { flags: ['lives_alone'] } };
      const { id, version } = await campaigns.create({ ...draft, settings }, 'staff:supervisor');
      await campaigns.submit(id, 'staff:supervisor');
      await campaigns.sendBack(id, 'staff:admin', '再看看');
      await campaigns.change(id, { ...draft, settings, name: '电梯检修（二）' }, 'staff:agent1');
      await campaigns.markHeard(id, version + 1);
      await campaigns.submit(id, 'staff:supervisor');
      await t.rejects(campaigns.approve(id, 'staff:admin', version), {
        code: 'campaign.version_changed',
        details: { version: version + 1, editedBy: 'staff:agent1' },
      });
      const approving = changedMeanwhile(id, { ...draft, settings, name: '电梯检修（三）' });
      await t.rejects(approving, { code: 'campaign.version_changed' }, 'under the lock, too');
      await campaigns.markHeard(id, version + 2);
      t.match(await campaigns.approve(id, 'staff:admin', version + 2), { state: 'approved' });
    },
  );

  await t.test(
    'given a flow published after the text was heard or submitted, then it is not spoken unheard',
    async (t) => {
      await publishFlows(db, campaignFlows);
      const draft = { name: '消防演练', kind: 'notice' as const };
      const settings = { audience: { flags: ['lives_alone'] } };
      const {
        id,
        version,
        settings: full,
      } = await campaigns.create({ ...draft, settings }, 'staff:supervisor');
      const { flowId } = full.script;
      const publish = async (next: number) => {
        await sql`INSERT INTO flow_version (flow_id, version, definition, checksum)
          SELECT flow_id, ${next}, definition, checksum || ${String(next)} FROM flow_version
          WHERE flow_id = ${flowId} AND version = 1`.execute(db);
        await db.updateTable('flow').set({ liveVersion: next }).where('id', '=', flowId).execute();
      };
      await campaigns.markHeard(id, version, 1);
      await publish(2);
      t.match(await campaigns.submit(id, 'staff:supervisor'), { flowVersion: 2, heardAt: null });
      await t.rejects(campaigns.approve(id, 'staff:admin'), { code: 'campaign.not_heard' });
      await campaigns.markHeard(id, version, 1);
      t.equal((await campaigns.find(id)).heardAt, null, 'of the former flow');
      await campaigns.markHeard(id, version, 2);
      await publish(3);
      const { flowVersion } = await campaigns.approve(id, 'staff:admin');
      t.equal(flowVersion, 2, 'what was heard is spoken');
      t.match(await campaigns.sendBack(id, 'staff:admin', ''), { flowVersion: null });
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
