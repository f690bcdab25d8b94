import { agentFigures, periodOf, queueFigures, satisfaction } from '../../reporting/index.ts';
import { scopeOf } from '../access.ts';
import type { RouteParts, Server } from '../api.types.ts';
import { route } from '../route.ts';

/** Figures over many calls. */
export function reportRoutes(server: Server, { db, clock }: RouteParts): void {
  route(server, 'GET /reports/satisfaction', async (request) => {
    const period = periodOf(request.query, clock.now());
    return { items: await satisfaction(scopeOf(request), db, request.query.by, period) };
  });
  route(server, 'GET /reports/queues', async (request) => {
    const period = periodOf(request.query, clock.now());
    return { items: await queueFigures(scopeOf(request), db, request.query.by, period) };
  });
  route(server, 'GET /reports/agents', async (request) => {
    const period = periodOf(request.query, clock.now());
    return { items: await agentFigures(scopeOf(request), db, period) };
  });
}
