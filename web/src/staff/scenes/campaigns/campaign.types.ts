import type { MessageView } from '../../../../../src/contract/campaigns/campaign-messages.ts';
import type { CampaignPreview } from '../../../../../src/contract/campaigns/audience.ts';
import type {
  CampaignDetail,
  CampaignView,
} from '../../../../../src/contract/campaigns/campaigns.ts';
import type {
  AttemptView,
  CampaignProgress,
  ContactView,
} from '../../../../../src/contract/campaigns/results.ts';

export type Campaign = CampaignView & Partial<Pick<CampaignDetail, 'history'>>;
export type Preview = CampaignPreview;
export type Progress = CampaignProgress;
export type Contact = ContactView;
export type Attempt = AttemptView;
export type Message = MessageView;
