import compress from '@fastify/compress';
import cookie from '@fastify/cookie';
import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import websocket from '@fastify/websocket';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import fastify from 'fastify';
import type { AddressInfo } from 'node:net';
import zlib from 'node:zlib';
import { Counter, Registry } from 'prom-client';
import type { Module } from '../contract/route.ts';
import { askerOf, installAccess, requireLogins } from './access.ts';
import type { ApiParts, Server } from './api.types.ts';
import { installDescription, prefix, withSharedRefusals } from './description.ts';
import { doorValidatorCompiler, installDoor } from './plugins/door.ts';
import { installIdempotency } from './plugins/idempotency.ts';
import { lateSerializers } from './plugins/late-serializers.ts';
import { installSiteGuard } from './plugins/site-guard.ts';
import { installHostCheck, installOriginCheck } from './plugins/origin.ts';
import { installBodyDeadline, usualBodyLimits } from './plugins/slow-bodies.ts';
import { problem, problemOf } from './problems.ts';
import { forPeople, type Pool } from '../db/index.ts';
import { holdToTable, route } from './route.ts';
import { realtimeRoute, refuseStraySockets } from './realtime/route.ts';
import { agentRoutes } from './routes/agents/agents.ts';
import { callActRoutes } from './routes/agents/call-acts.ts';
import { campaignAgentRoutes } from './routes/campaigns/campaign-agents.ts';
import { campaignMessageRoutes } from './routes/campaigns/campaign-messages.ts';
import { campaignReportRoutes } from './routes/campaigns/campaign-reports.ts';
import { campaignRoutes } from './routes/campaigns/campaigns.ts';
import { callRoutes } from './routes/agents/calls.ts';
import { directoryRoutes } from './routes/organisation/directory.ts';
import { doNotCallRoutes } from './routes/campaigns/do-not-call.ts';
import { codeRoutes } from './routes/organisation/codes.ts';
import { flowRoutes } from './routes/content/flows.ts';
import { healthRoutes } from './routes/health.ts';
import { jobRoutes } from './routes/jobs.ts';
import { ownerRoutes } from './routes/owners.ts';
import { hotlineRoutes } from './routes/hotlines.ts';
import { messageReceiptRoutes } from './routes/content/message-receipts.ts';
import { meRoutes } from './routes/organisation/me.ts';
import { demoPhoneRoutes, phoneRoutes } from './routes/agents/phones.ts';
import { propertyRoutes } from './routes/property.ts';
import { articleRoutes } from './routes/content/articles.ts';
import { queueRoutes } from './routes/agents/queues.ts';
import { faxRoutes } from './routes/content/faxes.ts';
import { faxSendingRoutes } from './routes/content/fax-sendings.ts';
import { recordingRoutes } from './routes/agents/recordings.ts';
import { reportRoutes } from './routes/reports.ts';
import { searchRoutes } from './routes/search.ts';
import { sessionRoutes } from './routes/organisation/session.ts';
import { staffRoutes } from './routes/organisation/staff.ts';
import { supervisionRoutes } from './routes/agents/supervision.ts';
import { webRoutes } from './routes/web.ts';
import { workOrderRoutes } from './routes/work-orders.ts';

export interface Api {
  readonly port: number;
  close(): Promise<void>;
}

/** Headers that do not end hold a connection; a browser sends them at once. */
const headersMs = 10_000;
const longestRequestMs = 10 * 60_000;
/** Bytes of an answer below which compression costs more than it saves. */
const compressFrom = 1024;

/** Parts of the service that this one runs without. */
function switchedOff({ outbound, flows }: ApiParts): Module[] {
  return outbound === undefined || flows === undefined ? ['campaigns'] : [];
}

/** REST under `/api/v1`, described at `/api/v1/openapi.json`. */
export async function openApi(
  given: Omit<ApiParts, 'db'> & { db: Pool },
  listen: {
    host: string;
    port: number;
    trustedProxies: readonly string[];
    /** Names of ours besides those of this machine; left out, any name will do. */
    names?: readonly string[] | undefined;
  },
): Promise<Api> {
  const parts: ApiParts = { ...given, db: forPeople(given.db) };
  const server: Server = fastify({
    // Routes that take more say so.
    bodyLimit: 256 * 1024,
    // Of headers and body together, above the deadline of installBodyDeadline for the largest list.
    requestTimeout: longestRequestMs,
    http: { headersTimeout: headersMs, connectionsCheckingInterval: 1000 },
    logger: false,
    schemaController: { compilersFactory: { buildSerializer: lateSerializers } },
    trustProxy: [...listen.trustedProxies],
  })
    .withTypeProvider<TypeBoxTypeProvider>()
    .setValidatorCompiler(doorValidatorCompiler);
  const registry = new Registry();
  const slow = new Counter({
    name: 'lingting_http_slow_bodies_total',
    help: 'Requests whose body did not arrive in time',
    registers: [registry],
  });
  await server.register(helmet);
  await server.register(cookie);
  // Built files are compressed when they are built (routes/web.ts). Quality 4: the quick end of brotli.
  await server.register(compress, {
    // Requests are read as they come: a few bytes must not become megabytes (door.ts refuses them).
    globalDecompression: false,
    threshold: compressFrom,
    brotliOptions: { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 4 } },
  });
  // A whole office shares an address, and a page is dozens of files.
  await server.register(rateLimit, {
    max: parts.requestsPerMinute ?? 1200,
    timeWindow: '1 minute',
    keyGenerator: askerOf,
    allowList: ({ url }) => !url.startsWith('/api/'),
  });
  await installDescription(server);
  // Clients say nothing but beats.
  await server.register(websocket, { options: { maxPayload: 1024 } });
  refuseStraySockets(server);
  installDoor(server);
  if (listen.names !== undefined) installHostCheck(server, listen.names);
  installOriginCheck(server);
  installBodyDeadline(server, { ...usualBodyLimits, ...parts.bodies }, () => slow.inc());
  installAccess(server, parts);
  server.setErrorHandler(async (error, _request, reply) => {
    const said = problemOf(error);
    // RFC 9110, 15.5.16: tells which codings are taken.
    if (said.code === 'request.encoded') void reply.header('accept-encoding', 'identity');
    if (said.status >= 500) parts.log.error({ err: error }, 'request failed');
    return reply.status(said.status).type('application/problem+json').send(said);
  });
  server.setNotFoundHandler(async (_request, reply) =>
    reply
      .status(404)
      .type('application/problem+json')
      .send(problem(404, 'http.404', 'There is nothing at this address.')),
  );
  await server.register(
    (scope, _options, done) => {
      const v1 = scope as unknown as Server;
      serve(v1, parts, registry, () => withSharedRefusals(server.swagger()));
      done();
    },
    { prefix },
  );
  await webRoutes(server);
  await server.listen({ host: listen.host, port: listen.port });
  const [address] = server.addresses() as AddressInfo[];
  return { port: address?.port ?? listen.port, close: () => server.close() };
}

/** Every route of the table, in a scope of its own. */
function serve(v1: Server, parts: ApiParts, registry: Registry, describe: () => object): void {
  const table = holdToTable(v1);
  requireLogins(v1);
  installSiteGuard(v1, parts);
  // Former answers, too, are for those who may see them now.
  installIdempotency(v1, parts);
  let described: object | undefined;
  route(v1, 'GET /openapi.json', () => {
    described ??= describe();
    return Promise.resolve(described);
  });
  healthRoutes(v1, parts, registry);
  jobRoutes(v1, parts);
  sessionRoutes(v1, parts);
  callRoutes(v1, parts);
  campaignRoutes(v1, parts);
  campaignReportRoutes(v1, parts);
  doNotCallRoutes(v1, parts);
  campaignMessageRoutes(v1, parts);
  campaignAgentRoutes(v1, parts);
  messageReceiptRoutes(v1, parts);
  workOrderRoutes(v1, parts);
  propertyRoutes(v1, parts);
  ownerRoutes(v1, parts);
  recordingRoutes(v1, parts);
  faxRoutes(v1, parts);
  faxSendingRoutes(v1, parts);
  articleRoutes(v1, parts);
  reportRoutes(v1, parts);
  flowRoutes(v1, parts);
  const hub = realtimeRoute(v1, parts, registry);
  staffRoutes(v1, parts, hub);
  meRoutes(v1, parts);
  codeRoutes(v1, parts);
  hotlineRoutes(v1, parts);
  searchRoutes(v1, parts);
  agentRoutes(v1, parts);
  phoneRoutes(v1, parts);
  callActRoutes(v1, parts);
  supervisionRoutes(v1, parts);
  queueRoutes(v1, parts);
  directoryRoutes(v1, parts);
  demoPhoneRoutes(v1, parts);
  v1.after((error) => {
    if (error !== null) throw error;
    table.complete(switchedOff(parts));
  });
}
