import { Type } from 'typebox';
import { DeskView, PresenceRequest, SeatRequest } from '../../contract/agents.ts';
import { nullable } from '../../contract/fields.ts';
import { can, type Member } from '../../staff/index.ts';
import { require } from '../access.ts';
import type { ApiParts, Server } from '../api.types.ts';
import { maskDesk } from '../realtime/masking.ts';
import { maskNumber } from '../realtime/viewer.ts';
import { Done, done, idParams } from './done.ts';

const tags = ['agents'];

/** An agent's seat, presence and offers; what changes on the desk is told by the socket of events. */
export function agentRoutes(server: Server, { agents }: ApiParts): void {
  server.post(
    '/agents/me/session',
    { schema: { summary: 'Take a seat', response: { 200: DeskView }, tags, body: SeatRequest } },
    async (request) => {
      const member = require(request, 'calls.handle');
      const { phone, number } = request.body;
      return deskFor(member, await agents.takeSeat(member, phone, number));
    },
  );
  server.delete(
    '/agents/me/session',
    { schema: { summary: 'Leave the seat', response: { 200: Done }, tags } },
    async (request) => {
      const member = require(request, 'calls.handle');
      await agents.leaveSeat(member.id);
      return done;
    },
  );
  server.get(
    '/agents/me',
    {
      schema: {
        summary: 'My desk',
        response: { 200: Type.Object({ desk: nullable(DeskView) }) },
        tags,
      },
    },
    (request) => {
      const member = require(request, 'calls.handle');
      const desk = agents.desk(member.id);
      return Promise.resolve({ desk: desk === undefined ? null : deskFor(member, desk) });
    },
  );
  server.put(
    '/agents/me/presence',
    {
      schema: {
        summary: 'Available, on a break, offline',
        response: { 200: DeskView },
        tags,
        body: PresenceRequest,
      },
    },
    async (request) => {
      const member = require(request, 'calls.handle');
      const { presence, reason } = request.body;
      return deskFor(member, await agents.setPresence(member.id, presence, reason));
    },
  );
  server.post(
    '/offers/:id/decline',
    { schema: { summary: 'Decline an offer', response: { 200: Done }, tags, params: idParams } },
    async (request) => {
      const member = require(request, 'calls.handle');
      await agents.decline(member.id, request.params.id);
      return done;
    },
  );
}

function deskFor(member: Member, desk: DeskView): DeskView {
  return can(member.role, 'numbers.read') ? desk : maskDesk(desk, maskNumber);
}
