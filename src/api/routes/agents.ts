import { Type } from 'typebox';
import {
  DialRequest,
  IdentifyRequest,
  OrderDraft,
  Party,
  PhoneAccount,
  PresenceRequest,
  SeatRequest,
  SuperviseRequest,
  WrapUpRequest,
} from '../contract/agents.ts';
import { listOf, nullable, shapeOf } from '../contract/fields.ts';
import { QueueSettings } from '../contract/queues.ts';
import { issuePhonePassword, phoneRealm } from '../../agents/index.ts';
import { AppError } from '../../core/errors.ts';
import { audit } from '../../staff/index.ts';
import { require } from '../access.ts';
import type { ApiParts, Server } from '../api.types.ts';

const idParams = Type.Object({ id: Type.String({ format: 'uuid' }) });
const done = { ok: true } as const;
const Done = Type.Object({ ok: Type.Literal(true) });

/** Seats, telephones, offers and what is done with a call; views come over the event socket. */
export function agentRoutes(server: Server, parts: ApiParts): void {
  seatRoutes(server, parts);
  callActs(server, parts);
  supervisionRoutes(server, parts);
  queueRoutes(server, parts);
}

function seatRoutes(server: Server, { db, clock, agents, phones }: ApiParts): void {
  const tags = ['agents'];
  server.post(
    '/agents/me/session',
    {
      schema: {
        summary: 'Take a seat',
        response: { 200: shapeOf('DeskView') },
        tags,
        body: SeatRequest,
      },
    },
    async (request) => {
      const member = require(request, 'calls.handle');
      return agents.takeSeat(member, request.body.phone, request.body.number);
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
        response: { 200: Type.Object({ desk: nullable(shapeOf('DeskView')) }) },
        tags,
      },
    },
    (request) => {
      const member = require(request, 'calls.handle');
      return Promise.resolve({ desk: agents.desk(member.id) ?? null });
    },
  );
  server.put(
    '/agents/me/presence',
    {
      schema: {
        summary: 'Available, on a break, offline',
        response: { 200: shapeOf('DeskView') },
        tags,
        body: PresenceRequest,
      },
    },
    (request) => {
      const member = require(request, 'calls.handle');
      const { presence, reason } = request.body;
      return Promise.resolve(agents.setPresence(member.id, presence, reason));
    },
  );
  server.post(
    '/agents/me/phone',
    {
      schema: {
        summary: 'How my softphone registers; the password is new each time',
        response: { 200: PhoneAccount },
        tags,
      },
    },
    async (request) => {
      const member = require(request, 'calls.handle');
      const account = { username: member.username, staffId: member.id, callerNumber: null };
      const password = await issuePhonePassword(db, clock, account);
      return phones.account(member.username, password);
    },
  );
  server.put(
    '/agents/me/phone',
    {
      schema: {
        summary: 'Whether my softphone is registered',
        response: { 200: Done },
        tags,
        body: Type.Object({ isRegistered: Type.Boolean() }, { additionalProperties: false }),
      },
    },
    (request) => {
      const member = require(request, 'calls.handle');
      agents.setPhoneReady(member.id, request.body.isRegistered);
      return Promise.resolve(done);
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

function callActs(server: Server, { db, agents }: ApiParts): void {
  const tags = ['calls'];
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
  const acts = {
    hold: 'Customer hears music',
    resume: 'Back to the customer',
    hangup: 'Hang up',
    'consult/complete': 'Hand the customer to the colleague',
    'consult/cancel': 'Back to the customer, without the colleague',
    conference: 'All three talk',
  } as const;
  const run = {
    hold: agents.hold.bind(agents),
    resume: agents.resume.bind(agents),
    hangup: agents.hangUp.bind(agents),
    'consult/complete': agents.completeConsult.bind(agents),
    'consult/cancel': agents.cancelConsult.bind(agents),
    conference: agents.confer.bind(agents),
  };
  for (const act of Object.keys(acts) as (keyof typeof acts)[]) {
    server.post(
      `/calls/:id/${act}`,
      { schema: { summary: acts[act], response: { 200: Done }, tags, params: idParams } },
      async (request) => {
        const member = require(request, 'calls.handle');
        await run[act](request.params.id, member.id);
        return done;
      },
    );
  }
  server.post(
    '/calls/:id/transfer',
    {
      schema: {
        summary: 'Blind transfer',
        response: { 200: Done },
        tags,
        params: idParams,
        body: Party,
      },
    },
    async (request) => {
      const member = require(request, 'calls.handle');
      await agents.transfer(request.params.id, member.id, request.body);
      return done;
    },
  );
  server.post(
    '/calls/:id/consult',
    {
      schema: {
        summary: 'Ask a colleague first',
        response: { 200: Done },
        tags,
        params: idParams,
        body: Party,
      },
    },
    async (request) => {
      const member = require(request, 'calls.handle');
      await agents.consult(request.params.id, member.id, request.body);
      return done;
    },
  );
  server.post(
    '/calls/:id/wrap-up',
    {
      schema: {
        summary: 'End my wrap-up',
        response: { 200: Done },
        tags,
        params: idParams,
        body: WrapUpRequest,
      },
    },
    async (request) => {
      const member = require(request, 'calls.handle');
      await agents.wrapUp(request.params.id, member.id, request.body);
      return done;
    },
  );
  server.put(
    '/calls/:id/draft',
    {
      schema: {
        summary: 'The half-written order',
        response: { 200: Done },
        tags,
        params: idParams,
        body: OrderDraft,
      },
    },
    async (request) => {
      const member = require(request, 'calls.handle');
      await agents.saveDraft(request.params.id, member.id, request.body);
      return done;
    },
  );
  server.put(
    '/calls/:id/person',
    {
      schema: {
        summary: 'Say who calls',
        response: { 200: Done },
        tags,
        params: idParams,
        body: IdentifyRequest,
      },
    },
    async (request) => {
      require(request, 'calls.handle');
      const { id } = request.params;
      const { personId, roomId } = request.body;
      await db.updateTable('call').set({ personId, roomId }).where('id', '=', id).execute();
      await agents.onIdentified(id);
      return done;
    },
  );
}

function supervisionRoutes(server: Server, { db, clock, agents }: ApiParts): void {
  const tags = ['supervision'];
  server.put(
    '/calls/:id/supervision',
    {
      schema: {
        summary: 'Listen, whisper, barge in, take over',
        response: { 200: Done },
        tags,
        params: idParams,
        body: SuperviseRequest,
      },
    },
    async (request) => {
      const member = require(request, 'calls.supervise');
      const { mode } = request.body;
      const { id } = request.params;
      await audit(db, clock, { staffId: member.id, act: `call.${mode}`, subject: id });
      await agents.supervise(id, member.id, mode);
      return done;
    },
  );
  server.delete(
    '/calls/:id/supervision',
    { schema: { summary: 'Stop listening', response: { 200: Done }, tags, params: idParams } },
    async (request) => {
      const member = require(request, 'calls.supervise');
      await agents.stopSupervising(request.params.id, member.id);
      return done;
    },
  );
  server.put(
    '/agents/:id/presence',
    {
      schema: {
        summary: 'Force a state',
        response: { 200: shapeOf('AgentView') },
        tags,
        params: idParams,
        body: PresenceRequest,
      },
    },
    async (request) => {
      const member = require(request, 'calls.supervise');
      const { id } = request.params;
      const { presence, reason } = request.body;
      await audit(db, clock, {
        staffId: member.id,
        act: 'agent.presence_forced',
        subject: id,
        details: { presence },
      });
      return agents.setPresence(id, presence, reason ?? 'supervisor').agent;
    },
  );
  server.delete(
    '/agents/:id/session',
    { schema: { summary: 'Log out an agent', response: { 200: Done }, tags, params: idParams } },
    async (request) => {
      const member = require(request, 'calls.supervise');
      const { id } = request.params;
      await audit(db, clock, { staffId: member.id, act: 'agent.logged_out', subject: id });
      await agents.leaveSeat(id, true);
      return done;
    },
  );
  server.get(
    '/alarms',
    { schema: { summary: 'Alarms, newest first', response: { 200: listOf('An alarm') }, tags } },
    async (request) => {
      require(request, 'wall.read');
      const items = await db
        .selectFrom('alarm')
        .selectAll()
        .orderBy('raisedAt', 'desc')
        .limit(200)
        .execute();
      return { items, nextCursor: null };
    },
  );
  server.post(
    '/alarms/:id/acknowledge',
    { schema: { summary: 'I take care of it', response: { 200: Done }, tags, params: idParams } },
    async (request) => {
      const member = require(request, 'wall.read');
      await audit(db, clock, {
        staffId: member.id,
        act: 'alarm.acknowledged',
        subject: request.params.id,
      });
      await agents.acknowledge(request.params.id, member.displayName);
      return done;
    },
  );
}

function queueRoutes(server: Server, { db, clock, agents }: ApiParts): void {
  const tags = ['queues'];
  server.get(
    '/queues',
    {
      schema: { summary: 'Queues', response: { 200: listOf('QueueView with its members') }, tags },
    },
    async (request) => {
      require(request, 'data.read');
      const rows = await db.selectFrom('queue').selectAll().orderBy('code').execute();
      const members = await db.selectFrom('queueMember').selectAll().execute();
      const items = rows.map(({ id, code, settings }) => ({
        queueId: id,
        code,
        ...settings,
        members: members
          .filter((one) => one.queueId === id)
          .map(({ staffId, place }) => ({ staffId, place })),
      }));
      return { items, nextCursor: null };
    },
  );
  server.patch(
    '/queues/:id',
    {
      schema: {
        summary: 'Change a queue',
        response: { 200: Done },
        tags,
        params: idParams,
        body: Type.Partial(QueueSettings),
      },
    },
    async (request) => {
      const member = require(request, 'queues.manage');
      const { id } = request.params;
      const row = await db
        .selectFrom('queue')
        .select('settings')
        .where('id', '=', id)
        .executeTakeFirst();
      if (row === undefined) {
        throw new AppError({
          code: 'queue.not_found',
          status: 404,
          message: 'There is no such queue.',
        });
      }
      await audit(db, clock, { staffId: member.id, act: 'queue.changed', subject: id });
      await agents.saveQueue(id, { ...row.settings, ...request.body });
      return done;
    },
  );
}

/** In demo mode a browser is an owner's telephone. */
export function demoPhoneRoutes(server: Server, { db, clock, phones }: ApiParts): void {
  server.post(
    '/demo/phone',
    {
      schema: {
        summary: 'A telephone of the demo that calls with this number',
        response: { 200: PhoneAccount },
        tags: ['demo'],
        body: Type.Object(
          { number: Type.String({ pattern: '^[0-9]{3,15}$' }) },
          { additionalProperties: false },
        ),
      },
      config: { rateLimit: { max: 60, timeWindow: '1 minute' } },
    },
    async (request) => {
      const { number } = request.body;
      const account = { username: number, staffId: null, callerNumber: number };
      const password = await issuePhonePassword(db, clock, account);
      return phones.account(number, password);
    },
  );
}

/** What a softphone needs to register. */
export function phoneAccounts(wsUrl: string, domain: string): ApiParts['phones'] {
  return {
    account: (username, password) => ({
      uri: `sip:${username}@${domain}`,
      wsUrl,
      username,
      password,
      realm: phoneRealm,
    }),
  };
}
