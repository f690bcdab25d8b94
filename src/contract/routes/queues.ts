import { Done, IdParams, Uuid, closed } from '../fields.ts';
import { pageOf } from '../pages.ts';
import { QueueChange, QueueListItem, QueueMembersRequest, QueueRequest } from '../agents/queues.ts';
import { routes } from '../route.ts';

export const queueRoutes = routes({
  'GET /queues': {
    summary: 'Queues',
    tags: ['queues'],
    permission: 'data.read',
    scope: 'company',
    responses: { 200: pageOf(QueueListItem) },
  },
  'POST /queues': {
    summary: 'A new queue; nobody serves it yet',
    tags: ['queues'],
    permission: 'queues.manage',
    scope: 'company',
    body: QueueRequest,
    responses: { 201: closed({ queueId: Uuid }) },
  },
  'PATCH /queues/:id': {
    summary: 'Change a queue; counts at once',
    tags: ['queues'],
    permission: 'queues.manage',
    scope: 'company',
    params: IdParams,
    body: QueueChange,
    responses: { 200: Done },
  },
  'DELETE /queues/:id': {
    summary: 'Remove a queue in which nobody has ever waited',
    tags: ['queues'],
    permission: 'queues.manage',
    scope: 'company',
    params: IdParams,
    responses: { 200: Done },
  },
  'PUT /queues/:id/members': {
    summary: 'Who serves a queue, whole, in the order of top_down',
    tags: ['queues'],
    permission: 'queues.manage',
    scope: 'company',
    params: IdParams,
    body: QueueMembersRequest,
    responses: { 200: Done },
  },
});
