/** Every route of the API, under `/api/v1`: the tables of the wings together. */
import type { Method, Route, RouteTable } from './route.ts';
import { agentRoutes } from './routes/agents.ts';
import { articleRoutes } from './routes/articles.ts';
import { callRoutes } from './routes/calls.ts';
import { campaignAgentRoutes } from './routes/campaigns/campaign-agents.ts';
import { campaignReportRoutes } from './routes/campaigns/campaign-reports.ts';
import { campaignRoutes } from './routes/campaigns/campaigns.ts';
import { carrierRoutes } from './routes/carriers.ts';
import { codeRoutes } from './routes/codes.ts';
import { doNotCallRoutes } from './routes/campaigns/do-not-call.ts';
import { faxRoutes } from './routes/faxes.ts';
import { flowRoutes } from './routes/flows.ts';
import { operationRoutes } from './routes/operation.ts';
import { organisationRoutes } from './routes/organisation.ts';
import { ownerRoutes } from './routes/owners.ts';
import { propertyRoutes } from './routes/property.ts';
import { queueRoutes } from './routes/queues.ts';
import { realtimeRoutes } from './routes/realtime.ts';
import { reportRoutes } from './routes/reports.ts';
import { searchRoutes } from './routes/search.ts';
import { sessionRoutes } from './routes/session.ts';
import { supervisionRoutes } from './routes/supervision.ts';
import { workOrderRoutes } from './routes/work-orders.ts';

export const routes = {
  ...operationRoutes,
  ...sessionRoutes,
  ...callRoutes,
  ...supervisionRoutes,
  ...agentRoutes,
  ...queueRoutes,
  ...realtimeRoutes,
  ...campaignRoutes,
  ...campaignReportRoutes,
  ...campaignAgentRoutes,
  ...doNotCallRoutes,
  ...carrierRoutes,
  ...workOrderRoutes,
  ...propertyRoutes,
  ...ownerRoutes,
  ...faxRoutes,
  ...articleRoutes,
  ...flowRoutes,
  ...reportRoutes,
  ...searchRoutes,
  ...organisationRoutes,
  ...codeRoutes,
} satisfies RouteTable;

export type Routes = typeof routes;
/** `GET /work-orders/:number` */
export type RouteKey = keyof Routes;

/** Each with its key in two, in the order of the table. */
export function allRoutes(): { key: RouteKey; method: Method; path: string; route: Route }[] {
  return (Object.entries(routes) as [RouteKey, Route][]).map(([key, route]) => {
    const [method = '', path = ''] = key.split(' ');
    return { key, method: method as Method, path, route };
  });
}
