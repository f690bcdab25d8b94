import { AgentView, PresenceRequest, SuperviseRequest } from '../agents/agents.ts';
import { Done, IdParams } from '../fields.ts';
import { pageOf } from '../pages.ts';
import { AlarmView } from '../agents/realtime.ts';
import { routes } from '../route.ts';

export const supervisionRoutes = routes({
  'PUT /calls/:id/supervision': {
    summary: 'Listen, whisper, barge in, take over',
    tags: ['supervision'],
    permission: 'calls.supervise',
    scope: 'site',
    names: { id: 'call' },
    params: IdParams,
    body: SuperviseRequest,
    responses: { 200: Done },
  },
  'DELETE /calls/:id/supervision': {
    summary: 'Stop listening',
    tags: ['supervision'],
    permission: 'calls.supervise',
    scope: 'site',
    names: { id: 'call' },
    params: IdParams,
    responses: { 200: Done },
  },
  'PUT /agents/:id/presence': {
    summary: 'Force a state',
    tags: ['supervision'],
    permission: 'calls.supervise',
    scope: 'site',
    names: { id: 'staff' },
    params: IdParams,
    body: PresenceRequest,
    responses: { 200: AgentView },
  },
  'DELETE /agents/:id/session': {
    summary: 'Log out an agent',
    tags: ['supervision'],
    permission: 'calls.supervise',
    scope: 'site',
    names: { id: 'staff' },
    params: IdParams,
    responses: { 200: Done },
  },
  'GET /alarms': {
    summary: 'The last 200 alarms, newest first',
    tags: ['supervision'],
    permission: 'wall.read',
    scope: 'site',
    responses: { 200: pageOf(AlarmView) },
  },
  'POST /alarms/:id/acknowledge': {
    summary: 'I take care of it',
    tags: ['supervision'],
    permission: 'wall.read',
    scope: 'site',
    names: { id: 'alarm' },
    params: IdParams,
    responses: { 200: Done },
  },
});
