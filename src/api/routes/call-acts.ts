import { Type, type Static, type TSchema } from 'typebox';
import {
  DialRequest,
  IdentifyRequest,
  OrderDraft,
  Party,
  WrapUpRequest,
} from '../../contract/agents.ts';
import { require } from '../access.ts';
import type { ApiParts, Server } from '../api.types.ts';
import { Done, done, idParams } from './done.ts';

const tags = ['calls'];

/** What an agent does with their call. */
export function callActRoutes(server: Server, { agents }: ApiParts): void {
  server.post(
    '/calls',
    {
      schema: {
        summary: 'Dial out: my telephone first',
        response: { 201: Type.Object({ callId: Type.String() }) },
        tags,
        body: DialRequest,
      },
    },
    async (request, reply) => {
      const member = require(request, 'calls.handle');
      return reply.status(201).send(await agents.dial(member.id, request.body));
    },
  );
  plain(server, 'hold', 'Customer hears music', agents.hold.bind(agents));
  plain(server, 'resume', 'Back to the customer', agents.resume.bind(agents));
  plain(server, 'hangup', 'Hang up', agents.hangUp.bind(agents));
  plain(
    server,
    'consult/complete',
    'Hand the customer to the colleague',
    agents.completeConsult.bind(agents),
  );
  plain(
    server,
    'consult/cancel',
    'Back to the customer, without the colleague',
    agents.cancelConsult.bind(agents),
  );
  plain(server, 'conference', 'All three talk', agents.confer.bind(agents));
  told(server, 'post', 'transfer', 'Blind transfer', Party, agents.transfer.bind(agents));
  told(server, 'post', 'consult', 'Ask a colleague first', Party, agents.consult.bind(agents));
  told(server, 'post', 'wrap-up', 'End my wrap-up', WrapUpRequest, agents.wrapUp.bind(agents));
  told(server, 'put', 'draft', 'The half-written order', OrderDraft, agents.saveDraft.bind(agents));
  told(server, 'put', 'person', 'Say who calls', IdentifyRequest, agents.identify.bind(agents));
}

/** An act that needs no more than the call. */
function plain(
  server: Server,
  act: string,
  summary: string,
  run: (callId: string, staffId: string) => Promise<void>,
): void {
  server.post(
    `/calls/:id/${act}`,
    { schema: { summary, response: { 200: Done }, tags, params: idParams } },
    async (request) => {
      const member = require(request, 'calls.handle');
      await run(request.params.id, member.id);
      return done;
    },
  );
}

/** An act that is told more. */
function told<Body extends TSchema>(
  server: Server,
  method: 'post' | 'put',
  act: string,
  summary: string,
  body: Body,
  run: (callId: string, staffId: string, body: Static<Body>) => Promise<void>,
): void {
  server[method](
    `/calls/:id/${act}`,
    { schema: { summary, response: { 200: Done }, tags, params: idParams, body } },
    async (request) => {
      const member = require(request, 'calls.handle');
      await run(request.params.id, member.id, request.body as Static<Body>);
      return done;
    },
  );
}
