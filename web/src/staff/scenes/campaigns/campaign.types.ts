import type { MessageView } from '../../../../../src/contract/campaigns/campaign-messages.ts';
import type {
  AttemptView,
  CampaignDetail,
  CampaignPreview,
  CampaignProgress,
  CampaignView,
  ContactView,
} from '../../../../../src/contract/campaigns/campaigns.ts';

export type Campaign = CampaignView & Partial<Pick<CampaignDetail, 'history'>>;
export type Preview = CampaignPreview;
export type Progress = CampaignProgress;
export type Contact = ContactView;
export type Attempt = AttemptView;
export type Message = MessageView;
