import type { Outbound } from '../../../outbound/index.ts';
import type { Wing } from '../../api.types.ts';
import { campaignAgentRoutes } from './campaign-agents.ts';
import { writeAgainRoute } from './campaign-messages.ts';
import { campaignRoutes, type CampaignRouteParts } from './campaigns.ts';

interface Parts extends CampaignRouteParts {
  outbound: CampaignRouteParts['outbound'] & Pick<Outbound, 'agentWork' | 'writeSoon'>;
}

/** Campaigns that are written, approved and run: the module `campaigns`. */
export function campaignsWing(own: Parts): Wing {
  const { agentWork, writeSoon } = own.outbound;
  return (server, parts) => {
    campaignRoutes(server, parts, own);
    campaignAgentRoutes(server, parts, agentWork);
    writeAgainRoute(server, parts, writeSoon);
  };
}
