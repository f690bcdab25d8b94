import {
  AgentReport,
  AgentReportQuery,
  QueueReport,
  QueueReportQuery,
} from '../agents/queue-reports.ts';
import { SatisfactionQuery, SatisfactionReport } from '../reports.ts';
import { routes } from '../route.ts';

export const reportRoutes = routes({
  'GET /reports/queues': {
    summary: 'Callers offered, answered and abandoned, waits and service level',
    tags: ['reports'],
    permission: 'wall.read',
    scope: 'site',
    query: QueueReportQuery,
    responses: { 200: QueueReport },
  },
  'GET /reports/agents': {
    summary: 'What agents were offered, answered and missed, and how long they talked',
    tags: ['reports'],
    permission: 'wall.read',
    scope: 'site',
    query: AgentReportQuery,
    responses: { 200: AgentReport },
  },
  'GET /reports/satisfaction': {
    summary: 'Marks that callers gave after a talk, by queue, agent, hotline or day',
    tags: ['reports'],
    permission: 'wall.read',
    scope: 'site',
    query: SatisfactionQuery,
    responses: { 200: SatisfactionReport },
  },
});
