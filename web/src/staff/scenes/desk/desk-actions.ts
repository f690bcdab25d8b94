/** What an agent can do, each as one request; the screen changes when the service says so. */
import type {
  OrderDraft,
  Party,
  PhoneKind,
  Presence,
} from '../../../../../src/contract/agents/agents.ts';
import { orAlready } from '../../../api/already.ts';
import { api } from '../../../api/client.ts';

export const deskActions = {
  takeSeat: (phone: PhoneKind, number?: string) =>
    orAlready(
      api.post('/agents/me/session', {
        body: number === undefined ? { phone } : { phone, number },
      }),
    ),
  leaveSeat: () => orAlready(api.delete('/agents/me/session'), 'agent.not_seated'),
  setPresence: (presence: Presence, reason?: string) =>
    api.put('/agents/me/presence', {
      body: reason === undefined ? { presence } : { presence, reason },
    }),
  decline: (offerId: string) => api.post('/offers/:id/decline', { params: { id: offerId } }),
  dial: (request: {
    number: string;
    personId?: string;
    roomId?: string;
    workOrderNumber?: string;
  }) => api.post('/calls', { body: request }),
  hold: (callId: string) => api.post('/calls/:id/hold', { params: { id: callId } }),
  resume: (callId: string) => api.post('/calls/:id/resume', { params: { id: callId } }),
  hangUp: (callId: string) => api.post('/calls/:id/hangup', { params: { id: callId } }),
  transfer: (callId: string, to: Party) =>
    api.post('/calls/:id/transfer', { params: { id: callId }, body: to }),
  consult: (callId: string, to: Party) =>
    api.post('/calls/:id/consult', { params: { id: callId }, body: to }),
  completeConsult: (callId: string) =>
    api.post('/calls/:id/consult/complete', { params: { id: callId } }),
  cancelConsult: (callId: string) =>
    api.post('/calls/:id/consult/cancel', { params: { id: callId } }),
  conference: (callId: string) => api.post('/calls/:id/conference', { params: { id: callId } }),
  saveDraft: (callId: string, draft: OrderDraft) =>
    orAlready(api.put('/calls/:id/draft', { params: { id: callId }, body: draft })),
  identify: (callId: string, personId: string | null, roomId: string | null) =>
    orAlready(api.put('/calls/:id/person', { params: { id: callId }, body: { personId, roomId } })),
  wrapUp: (
    callId: string,
    request: { reasonCode: string; note?: string; nextContactAt?: string },
  ) => api.post('/calls/:id/wrap-up', { params: { id: callId }, body: request }),
};
