import { Value } from 'typebox/value';
import { CampaignSettings } from '../../contract/campaigns/campaigns.ts';
import { inScope, Scope, type CampaignRow, type Db, type Readable } from '../../db/index.ts';
import { CampaignNotFoundError } from './campaign.errors.ts';
import type { Campaign } from './campaign.types.ts';

/** For what goes on whoever looks. Throws `campaign.not_found`. */
export function findCampaign(db: Db, id: string): Promise<Campaign> {
  return campaignIn(Scope.everything('a campaign is run by the program'), db, id);
}

/** For whoever asks for it. Throws `campaign.not_found`. */
export async function campaignIn(scope: Scope, db: Readable, id: string): Promise<Campaign> {
  const row = await inScope(db, scope, 'campaign')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirst();
  if (row === undefined) throw new CampaignNotFoundError();
  return readCampaign(row);
}

/** Those that go on by themselves when the service is started again. */
export async function namesOfRunning(db: Db): Promise<string[]> {
  const rows = await db
    .selectFrom('campaign')
    .select('name')
    .where('state', '=', 'running')
    .orderBy('startedAt')
    .execute();
  return rows.map(({ name }) => name);
}

/** Throws when the row holds settings that no version of this program wrote. */
export function readCampaign(row: CampaignRow): Campaign {
  return { ...row, settings: readSettings(row.settings) };
}

/** As they were stored: former versions took keys that nothing reads. */
export function readSettings(stored: unknown): CampaignSettings {
  return Value.Parse(CampaignSettings, Value.Clean(CampaignSettings, structuredClone(stored)));
}
