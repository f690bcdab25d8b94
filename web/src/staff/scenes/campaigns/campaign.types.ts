import type { MessageView } from '../../../../../src/contract/campaign-messages.ts';
import type {
  AttemptView,
  CampaignPreview,
  CampaignProgress,
  CampaignView,
  ContactView,
} from '../../../../../src/contract/campaigns.ts';

export type Campaign = CampaignView & {
  history?: {
    fromState: string | null;
    toState: string;
    actor: string;
    note: string;
    at: string;
  }[];
};
export type Preview = CampaignPreview;
export type Progress = CampaignProgress;
export type Contact = ContactView;
export type Attempt = AttemptView;
export type Message = MessageView;

export interface ResultRow {
  key: string;
  counts: Record<string, number>;
}
