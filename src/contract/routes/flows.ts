import { Type } from 'typebox';
import { closed } from '../fields.ts';
import {
  FlowId,
  FlowPage,
  FlowPublication,
  FlowVersionDetail,
  FlowVersionPage,
  FlowVersionView,
  NewFlowVersion,
} from '../flows.ts';
import { routes } from '../route.ts';

const FlowParams = closed({ id: FlowId });
const VersionParams = closed({ id: FlowId, version: Type.Integer({ minimum: 1 }) });

export const flowRoutes = routes({
  'GET /flows': {
    summary: 'Flows and their live versions',
    tags: ['flows'],
    permission: 'flows.read',
    scope: 'company',
    responses: { 200: FlowPage },
  },
  'GET /flows/:id/versions': {
    summary: 'Versions of a flow, newest first, without their definitions',
    tags: ['flows'],
    permission: 'flows.read',
    scope: 'company',
    params: FlowParams,
    responses: { 200: FlowVersionPage },
  },
  'GET /flows/:id/versions/:version': {
    summary: 'A version with its definition',
    tags: ['flows'],
    permission: 'flows.read',
    scope: 'company',
    params: VersionParams,
    responses: { 200: FlowVersionDetail },
  },
  'POST /flows/:id/versions': {
    summary: 'Add a version; every fault is listed in problems. It goes live by publish',
    tags: ['flows'],
    permission: 'flows.write',
    scope: 'company',
    params: FlowParams,
    body: NewFlowVersion,
    responses: { 201: FlowVersionDetail },
    bodyLimit: 1024 * 1024,
  },
  'POST /flows/:id/publish': {
    summary: 'Make a version live for new calls, also an older one',
    tags: ['flows'],
    permission: 'flows.publish',
    scope: 'company',
    params: FlowParams,
    body: FlowPublication,
    responses: { 200: FlowVersionView },
  },
});
