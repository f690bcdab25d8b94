import type { CampaignRow } from '../../db/index.ts';
import type { CampaignSettings } from '../../contract/campaigns/campaigns.ts';

export interface Campaign extends Omit<CampaignRow, 'settings'> {
  settings: CampaignSettings;
}
