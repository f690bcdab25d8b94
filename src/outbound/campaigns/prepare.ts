import { sql } from 'kysely';
import type { Clock } from '../../core/clock.ts';
import { newId } from '../../core/ids.ts';
import type { Log } from '../../core/log.ts';
import type { Pool } from '../../db/index.ts';
import { candidates, type Candidate } from './audience.ts';
import { type Campaign } from './campaigns.ts';
import { findCampaign } from './read-campaign.ts';

export interface PrepareParts {
  db: Pool;
  clock: Clock;
  log: Log;
}

const manyContacts = 1000;

/** Writes down whom an approved campaign is for. Runs again from the start after a crash: no home twice. */
export async function prepareCampaign(parts: PrepareParts, campaignId: string): Promise<void> {
  const { db, clock, log } = parts;
  const campaign = await findCampaign(db, campaignId);
  if (campaign.isPrepared || !['approved', 'running', 'paused'].includes(campaign.state)) return;
  let count = 0;
  for await (const batch of candidates(db, campaign, clock.now())) {
    if (batch.length > 0) await insert(parts, campaign, batch);
    count += batch.length;
  }
  // Postgres does not know of them yet: it would look for the next three by sorting all, every time.
  if (count >= manyContacts) await sql`ANALYZE campaign_contact`.execute(db);
  await db.updateTable('campaign').set({ isPrepared: true }).where('id', '=', campaignId).execute();
  log.info({ campaignId, contacts: count }, 'campaign prepared');
}

async function insert(
  { db, clock }: PrepareParts,
  campaign: Campaign,
  batch: readonly Candidate[],
): Promise<void> {
  const now = clock.now();
  await db
    .insertInto('campaignContact')
    .values(
      batch.map((one) => ({
        id: newId(),
        campaignId: campaign.id,
        householdKey: one.householdKey,
        personId: one.personId,
        roomId: one.roomId,
        estateId: one.estateId,
        coveredRoomIds: JSON.stringify(one.coveredRoomIds),
        name: one.name,
        language: one.language,
        timeZone: one.timeZone,
        numbers: JSON.stringify(one.numbers),
        vars: JSON.stringify(one.vars),
        state: 'waiting' as const,
        result: null,
        refusal: null,
        nextAt: now,
        nextNumber: null,
        owedFen: null,
        fallback: null,
        createdAt: now,
      })),
    )
    .onConflict((conflict) => conflict.columns(['campaignId', 'householdKey']).doNothing())
    .execute();
}
