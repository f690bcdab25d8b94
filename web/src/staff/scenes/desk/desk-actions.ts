/** What an agent can do, each as one request; the screen changes when the service says so. */
import type { OrderDraft, Party, PhoneKind, Presence } from '../../../../../src/contract/agents.ts';
import { orAlready } from '../../../api/already.ts';
import { api } from '../../../api/client.ts';

export const deskActions = {
  takeSeat: (phone: PhoneKind, number?: string) =>
    orAlready(api.post('/agents/me/session', number === undefined ? { phone } : { phone, number })),
  leaveSeat: () => orAlready(api.delete('/agents/me/session'), 'agent.not_seated'),
  setPresence: (presence: Presence, reason?: string) =>
    api.put('/agents/me/presence', reason === undefined ? { presence } : { presence, reason }),
  decline: (offerId: string) => api.post(`/offers/${offerId}/decline`),
  dial: (request: {
    number: string;
    personId?: string;
    roomId?: string;
    workOrderNumber?: string;
  }) => api.post('/calls', request),
  hold: (callId: string) => api.post(`/calls/${callId}/hold`),
  resume: (callId: string) => api.post(`/calls/${callId}/resume`),
  hangUp: (callId: string) => api.post(`/calls/${callId}/hangup`),
  transfer: (callId: string, to: Party) => api.post(`/calls/${callId}/transfer`, to),
  consult: (callId: string, to: Party) => api.post(`/calls/${callId}/consult`, to),
  completeConsult: (callId: string) => api.post(`/calls/${callId}/consult/complete`),
  cancelConsult: (callId: string) => api.post(`/calls/${callId}/consult/cancel`),
  conference: (callId: string) => api.post(`/calls/${callId}/conference`),
  saveDraft: (callId: string, draft: OrderDraft) =>
    orAlready(api.put(`/calls/${callId}/draft`, draft)),
  identify: (callId: string, personId: string | null, roomId: string | null) =>
    orAlready(api.put(`/calls/${callId}/person`, { personId, roomId })),
  wrapUp: (
    callId: string,
    request: { reasonCode: string; note?: string; nextContactAt?: string },
  ) => api.post(`/calls/${callId}/wrap-up`, request),
};
