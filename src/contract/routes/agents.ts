import {
  DemoPhoneAccount,
  DemoPhoneRequest,
  DeskView,
  PhoneAccount,
  PhoneRequest,
  PhoneStateRequest,
  PresenceRequest,
  SeatRequest,
} from '../agents/agents.ts';
import { Done, IdParams, closed, nullable } from '../fields.ts';
import { routes } from '../route.ts';

export const agentRoutes = routes({
  'POST /agents/me/session': {
    summary: 'Take a seat',
    tags: ['agents'],
    permission: 'calls.handle',
    scope: 'own',
    body: SeatRequest,
    responses: { 200: DeskView },
  },
  'DELETE /agents/me/session': {
    summary: 'Leave the seat',
    tags: ['agents'],
    permission: 'calls.handle',
    scope: 'own',
    responses: { 200: Done },
  },
  'GET /agents/me': {
    summary: 'My desk',
    tags: ['agents'],
    permission: 'calls.handle',
    scope: 'own',
    responses: { 200: closed({ desk: nullable(DeskView) }) },
  },
  'PUT /agents/me/presence': {
    summary: 'Available, on a break, offline',
    tags: ['agents'],
    permission: 'calls.handle',
    scope: 'own',
    body: PresenceRequest,
    responses: { 200: DeskView },
  },
  'POST /offers/:id/decline': {
    summary: 'Decline an offer',
    tags: ['agents'],
    permission: 'calls.handle',
    scope: 'own',
    params: IdParams,
    responses: { 200: Done },
  },
  'POST /agents/me/phone': {
    summary: 'How my softphone registers; the password is new each time',
    tags: ['agents'],
    permission: 'calls.handle',
    scope: 'own',
    body: PhoneRequest,
    responses: { 200: PhoneAccount },
    isToldOnce: true,
    isBodyOptional: true,
  },
  'PUT /agents/me/phone': {
    summary: 'Whether my softphone is registered',
    tags: ['agents'],
    permission: 'calls.handle',
    scope: 'own',
    body: PhoneStateRequest,
    responses: { 200: Done },
  },
  'POST /demo/phone': {
    summary:
      'A telephone of the demo: it calls with this number, and may answer it or every number',
    tags: ['demo'],
    permission: null,
    scope: 'public',
    body: DemoPhoneRequest,
    responses: { 200: DemoPhoneAccount },
    rateLimit: { max: 60, timeWindow: '1 minute' },
    isToldOnce: true,
  },
});
