import t from 'tap';
import fc from 'fast-check';
import { unreachableStates } from '../../src/core/states.ts';
import type { CampaignState } from '../../src/db/index.ts';
import {
  attemptMoves,
  attemptTransitions,
  campaignTransitions,
  contactMoves,
  contactTransitions,
} from '../../src/outbound/campaigns/campaign.states.ts';
import { systemClock as clock } from '../../src/core/clock.ts';
import { silentLog } from '../../src/core/log.ts';
import { FlowLibrary } from '../../src/content/index.ts';
import type { Pool } from '../../src/db/index.ts';
import { scriptFaults } from '../../src/outbound/calls/script-texts.ts';
import { createCampaigns } from '../../src/outbound/campaigns/campaigns.ts';
import { readSettings } from '../../src/outbound/campaigns/read-campaign.ts';
import { withDefaults } from '../../src/outbound/campaigns/defaults.ts';
import { dueOf } from '../../src/outbound/dialer/due.ts';
import { trunkProof } from '../../src/outbound/dialer/results.ts';

const now = new Date('2026-11-26T12:30:00Z');
const at = (minutes: number) => new Date(now.getTime() + minutes * 60_000);

void t.test('a campaign whose time passed while the service was down is not dialled', (t) => {
  const past = { startsAt: at(-120), endsAt: at(-60) };
  t.equal(dueOf({ state: 'approved', ...past }, now), 'cancel');
  t.equal(dueOf({ state: 'running', ...past }, now), 'stop');
  t.equal(dueOf({ state: 'paused', ...past }, now), 'stop', 'a paused one ends, too');
  t.equal(dueOf({ state: 'paused', startsAt: at(-120), endsAt: at(1) }, now), 'wait');
  t.equal(dueOf({ state: 'approved', startsAt: at(-1), endsAt: at(60) }, now), 'start');
  t.equal(dueOf({ state: 'approved', startsAt: at(1), endsAt: null }, now), 'wait');
  t.equal(dueOf({ state: 'approved', startsAt: null, endsAt: null }, now), 'wait', 'by hand');
  t.equal(dueOf({ state: 'running', startsAt: null, endsAt: null }, now), 'dial');
  const minutes = fc.option(fc.integer({ min: -99, max: 99 }), { nil: null });
  const states = Object.keys(campaignTransitions) as CampaignState[];
  fc.assert(
    fc.property(fc.constantFrom(...states), minutes, minutes, (state, from, to) => {
      const [startsAt, endsAt] = [from, to].map((one) => (one === null ? null : at(one)));
      const due = dueOf({ state, startsAt: startsAt ?? null, endsAt: endsAt ?? null }, now);
      const isOver = endsAt != null && endsAt <= now;
      if (isOver && (due === 'dial' || due === 'start')) return false;
      const to_ = { stop: 'stopped', cancel: 'cancelled', start: 'running' } as const;
      const next: readonly CampaignState[] = campaignTransitions[state];
      return due === 'wait' || due === 'dial' || next.includes(to_[due]);
    }),
  );
  t.end();
});

void t.test('every state is reached, and statements over many rows keep to the tables', (t) => {
  t.same(unreachableStates(campaignTransitions, 'draft'), []);
  t.same(unreachableStates(contactTransitions, 'waiting'), []);
  t.same(unreachableStates(attemptTransitions, 'committed'), []);
  for (const { from, to } of Object.values(contactMoves)) {
    for (const one of from) t.ok((contactTransitions[one] as readonly string[]).includes(to));
  }
  for (const { from, to } of Object.values(attemptMoves)) {
    for (const one of from) t.ok((attemptTransitions[one] as readonly string[]).includes(to));
  }
  t.end();
});

void t.test('a call that we cancelled does not make a broken carrier whole', (t) => {
  t.equal(trunkProof('ORIGINATOR_CANCEL', false), undefined);
  t.equal(trunkProof('MANAGER_REQUEST', false), undefined);
  t.equal(trunkProof(undefined, false), undefined);
  t.equal(trunkProof('ALLOTTED_TIMEOUT', false), undefined, 'nobody said anything');
  t.equal(trunkProof('LOST_WHILE_DISCONNECTED', false), undefined);
  t.equal(trunkProof('NETWORK_OUT_OF_ORDER', false), 'failed');
  for (const cause of ['USER_BUSY', 'NO_ANSWER', 'UNALLOCATED_NUMBER', 'CALL_REJECTED']) {
    t.equal(trunkProof(cause, false), 'worked', cause);
  }
  t.equal(trunkProof('NORMAL_CLEARING', true), 'worked');
  t.end();
});

void t.test(
  'given settings with keys that nothing reads any more, then they are read all the same',
  (t) => {
    const { settings } = withDefaults({
      name: '停水通知',
      kind: 'notice',
      settings: {
        script: {
          flowId: 'campaign-notice',
          isHumanVoice: false,
          texts: { message: { 'zh-CN': '今晚停水。' } },
        },
      },
    });
    const stored = structuredClone(settings) as unknown as Record<string, unknown>;
    const texts = (stored as { script: { texts: Record<string, object> } }).script.texts;
    texts['message'] = { ...texts['message'], 'zh-HK': '今晚停水。' };
    stored['former'] = 1;
    t.same(readSettings(stored), settings);
    t.throws(() => readSettings({ ...stored, script: 7 }));
    t.end();
  },
);

void t.test('a campaign is not saved with a flow of which no version is published', async (t) => {
  // A database without any row.
  const none = () => empty;
  const empty = {
    ...{ selectFrom: none, select: none, where: none },
    executeTakeFirst: () => Promise.resolve(undefined),
  };
  const flows = new FlowLibrary(empty as unknown as Pool);
  const campaigns = createCampaigns({
    ...{ db: empty as unknown as Pool, clock, log: silentLog(), onChange: () => undefined },
    scriptFaults: (campaign) => scriptFaults(flows, campaign),
  });
  const script = { flowId: 'no-such-flow', texts: {}, isHumanVoice: false };
  await t.rejects(
    campaigns.create({ name: '通知', kind: 'notice', settings: { script } }, 'staff:wang'),
    { code: 'flow.not_published', status: 422, details: { flowId: 'no-such-flow' } },
  );
});

void t.test('a campaign is not saved with a time zone that nobody knows', (t) => {
  const save = (timeZone: string) => () =>
    withDefaults({ name: '通知', kind: 'notice', settings: { timeZone } });
  for (const zone of ['Asia/Shangai', 'nowhere', 'local', '+08:00', 'UTC+8', '   ']) {
    const refused = { code: 'campaign.bad_time_zone', details: { field: 'settings.timeZone' } };
    t.throws(save(zone), refused, zone);
  }
  for (const zone of ['Asia/Shanghai', 'Asia/Urumqi', 'UTC']) t.doesNotThrow(save(zone), zone);
  t.end();
});
