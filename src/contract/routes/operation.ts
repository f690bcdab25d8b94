import { Type } from 'typebox';
import { AnyJson } from '../fields.ts';
import { Health } from '../health.ts';
import { FailedJobs, SystemNotices } from '../jobs.ts';
import { routes } from '../route.ts';

export const operationRoutes = routes({
  'GET /health': {
    summary: '200 when calls can be taken, with each part',
    tags: ['operation'],
    permission: null,
    scope: 'public',
    responses: { 200: Health, 503: Health },
  },
  'GET /metrics': {
    summary: 'Prometheus metrics',
    tags: ['operation'],
    permission: null,
    scope: 'public',
    responses: { 200: Type.String({ description: 'Prometheus text' }) },
  },
  'GET /failed-jobs': {
    summary: 'Background jobs given up after their last try',
    tags: ['operation'],
    permission: 'system.read',
    scope: 'company',
    responses: { 200: FailedJobs },
  },
  'GET /system-notices': {
    summary: 'What an administrator has to mend before it matters',
    tags: ['operation'],
    permission: 'system.read',
    scope: 'company',
    responses: { 200: SystemNotices },
  },
  'GET /openapi.json': {
    summary: 'This description',
    tags: ['operation'],
    permission: null,
    scope: 'public',
    responses: { 200: AnyJson },
    isHidden: true,
  },
});
