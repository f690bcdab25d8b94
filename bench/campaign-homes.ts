import { sql } from 'kysely';
import { systemClock as clock } from '../src/core/clock.ts';
import { silentLog } from '../src/core/log.ts';
import { Scope, type Pool } from '../src/db/index.ts';
import { createCampaigns } from '../src/outbound/campaigns/campaigns.ts';
import { findCampaign } from '../src/outbound/campaigns/read-campaign.ts';
import { finaliseAttempt } from '../src/outbound/dialer/attempts.ts';
import { paidWhileRinging } from '../src/outbound/dialer/bulk.ts';
import { claim } from '../src/outbound/dialer/claim.ts';
import { ensureTrunks } from '../src/outbound/dialer/ensure-trunks.ts';
import { trunkChannelsNow } from '../src/outbound/dialer/trunk-channels.ts';
import { prepareCampaign, previewCampaign, progressOf } from '../src/outbound/index.ts';
import { seedDemo } from '../src/property/index.ts';
import { noonZone } from '../test/support/campaigns.ts';
import { createTestDatabase } from '../test/support/database.ts';
import { openPolicy } from '../test/support/open-policy.ts';
import type { Bench } from './figure.ts';

/** How much more each may cost among a hundred times as many. */
const growth = 1.5;
const log = silentLog();

interface Cost {
  homes: number;
  /** Milliseconds a home. */
  preview: number;
  prepare: number;
  /** Milliseconds for three: looked for, judged by every rule, written down, and ended. */
  claim: number;
  /** Milliseconds to count all, for screens. */
  progress: number;
}

/** A collection at ever more homes that owe, with the database alone: what grows with them, and how. */
export const campaignHomes: Bench = async ({ isQuick, tell }) => {
  const database = await createTestDatabase();
  const { db } = database;
  try {
    await seedDemo(db, clock.now());
    await ensureTrunks(db, ['carrier'], 'demo');
    await db.updateTable('estate').set({ timeZone: noonZone() }).execute();
    const costs: Cost[] = [];
    // The first is only for the warmth of the program.
    await costOf(db);
    for (const homes of isQuick ? [1000, 5000] : [1000, 10_000, 100_000]) {
      await addOwing(db, homes);
      const cost = await costOf(db);
      tell(told(cost));
      costs.push(cost);
    }
    const [first, last] = [costs[0], costs.at(-1)];
    if (first === undefined || last === undefined) throw new Error('nothing was measured');
    const worst = Math.max(
      last.preview / first.preview,
      last.prepare / first.prepare,
      last.claim / first.claim,
    );
    return {
      what: `a collection at ${first.homes} → ${last.homes} homes, each`,
      measured: `× ${worst.toFixed(2)} at worst`,
      limit: `× ${growth} for previewing, writing down and calling a home`,
      isMet: worst <= growth,
      notes: costs.map(told),
    };
  } finally {
    await database.drop();
  }
};

let made = 0;

/** Homes of one owner with one number and one open bill each, beside those that are there. */
async function addOwing(db: Pool, count: number): Promise<void> {
  const unit = await db
    .selectFrom('unit')
    .innerJoin('building', 'building.id', 'unit.buildingId')
    .select(['unit.id', 'building.estateId'])
    .limit(1)
    .executeTakeFirstOrThrow();
  await sql`
    WITH new AS (
      SELECT i, gen_random_uuid() AS room, gen_random_uuid() AS person
      FROM generate_series(${made + 1}::int, ${made + count}::int) i
    ), rooms AS (
      INSERT INTO room (id, estate_id, unit_id, number, floor, label, area_cm2, layout, state)
      SELECT room, ${unit.estateId}::uuid, ${unit.id}::uuid, 'x' || i, 1, 'x' || i, 1, '一室', 'occupied'
      FROM new RETURNING id
    ), people AS (
      INSERT INTO person (id, name, name_pinyin, is_vip)
      SELECT person, '业主' || i, 'yezhu', false FROM new RETURNING id
    ), owners AS (
      INSERT INTO occupancy (id, person_id, room_id, role, valid_from)
      SELECT gen_random_uuid(), people.id, rooms.id, 'owner', '2020-01-01'
      FROM new JOIN rooms ON rooms.id = new.room JOIN people ON people.id = new.person
    ), phones AS (
      INSERT INTO person_phone (id, person_id, number, is_primary)
      SELECT gen_random_uuid(), people.id, (14000000000 + new.i)::text, true
      FROM new JOIN people ON people.id = new.person
    )
    INSERT INTO bill (id, room_id, kind, period, amount_fen, due_on)
    SELECT gen_random_uuid(), rooms.id, 'property', '2026-09', 10000, '2026-10-01'
    FROM rooms
  `.execute(db);
  // As it would be, had they not come all at once.
  await sql`ANALYZE`.execute(db);
  made += count;
}

async function costOf(db: Pool): Promise<Cost> {
  const campaigns = createCampaigns({
    ...{ db, clock, log },
    scriptFaults: () => Promise.resolve([]),
    onChange: () => undefined,
  });
  const { id } = await campaigns.create(
    {
      name: '物业费提醒',
      kind: 'arrears',
      settings: { audience: { debt: {} }, maxLines: 500, attemptsPerContact: 1, fallback: [] },
    },
    'staff:bench',
  );
  await db.updateTable('campaign').set({ state: 'running' }).where('id', '=', id).execute();
  const campaign = await findCampaign(db, id);
  const texts = { smsSign: undefined, paymentUrl: '' };
  const whole = Scope.everything('the bench is nobody');
  let homes = 0;
  const previewMs = await timeOf(async () => {
    homes = (await previewCampaign(whole, { db, clock, texts }, campaign, [])).contacts;
  });
  const prepareMs = await timeOf(() => prepareCampaign({ db, clock, log }, id));
  const rounds = 50;
  const claimMs = await timeOf(async () => {
    for (let round = 0; round < rounds; round += 1) await callThree(db, id);
  });
  const progressMs = await timeOf(() => progressOf(whole, db, id));
  return {
    ...{ homes, preview: previewMs / homes, prepare: prepareMs / homes },
    ...{ claim: claimMs / rounds, progress: progressMs },
  };
}

async function callThree(db: Pool, id: string): Promise<void> {
  const campaign = await findCampaign(db, id);
  const { trunks } = await trunkChannelsNow(db, clock.now());
  const { claimed } = await claim(db, campaign, 3, trunks, clock.now(), openPolicy({ db, clock }));
  await paidWhileRinging(db, clock.now());
  for (const { attempt } of claimed) {
    const ending = { attemptId: attempt.id, result: 'confirmed', hangupCause: null } as const;
    await finaliseAttempt({ db, clock, log }, ending);
  }
}

async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

function told({ homes, preview, prepare, claim: three, progress }: Cost): string {
  return `${homes} homes owe: ${preview.toFixed(2)} ms to preview one, ${prepare.toFixed(2)} ms to write one down, ${three.toFixed(1)} ms for three calls, ${progress.toFixed(0)} ms to count all`;
}
