/** Wings as the API serves them: each is made with what its routes need beside rows. */
import type { Wing } from '../api.types.ts';
import { callRoutes } from './agents/calls.ts';
import { campaignMessageRoutes } from './campaigns/campaign-messages.ts';
import { campaignReportRoutes } from './campaigns/campaign-reports.ts';
import { doNotCallRoutes } from './campaigns/do-not-call.ts';
import { articleRoutes } from './content/articles.ts';
import { flowRoutes } from './content/flows.ts';
import { messageReceiptRoutes, type CarrierParts } from './content/message-receipts.ts';
import { healthRoutes, type HealthParts } from './health.ts';
import { hotlineRoutes } from './hotlines.ts';
import { jobRoutes, type FailedJobs } from './jobs.ts';
import { ownerRoutes } from './owners.ts';
import { propertyRoutes } from './property.ts';
import { reportRoutes } from './reports.ts';
import { searchRoutes } from './search.ts';
import { workOrderRoutes } from './work-orders.ts';

export { agentsWing as agents } from './agents/index.ts';
export { campaignsWing as campaigns } from './campaigns/index.ts';
export { faxesWing as faxes } from './content/faxes-wing.ts';
export { organisationWing as organisation } from './organisation/index.ts';

/** Wings that need rows alone; a new one of that kind adds its line here, every other one in src/app/app.ts. */
export const records: readonly Wing[] = [
  articleRoutes,
  callRoutes,
  campaignMessageRoutes,
  campaignReportRoutes,
  doNotCallRoutes,
  flowRoutes,
  hotlineRoutes,
  ownerRoutes,
  propertyRoutes,
  reportRoutes,
  searchRoutes,
  workOrderRoutes,
];

/** What carriers tell of messages. */
export function carriers(own: CarrierParts): Wing {
  return (server, parts) => messageReceiptRoutes(server, parts, own);
}

/** How the machinery is. */
export function system(own: HealthParts & { backbone: { jobs: FailedJobs } }): Wing {
  return (server, parts) => {
    healthRoutes(server, parts, own);
    jobRoutes(server, parts, own.backbone.jobs);
  };
}
