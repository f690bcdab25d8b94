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
import { askerOf, installAccess, requireLogins } from './access.ts';
import type { ApiParts, RouteParts, Server, Wing } from './api.types.ts';
import { installDescription, prefix, withSharedRefusals } from './description.ts';
import { doorValidatorCompiler, installDoor } from './plugins/door.ts';
import { installIdempotency } from './plugins/idempotency.ts';
import { lateSerializers } from './plugins/late-serializers.ts';
import { installSiteGuard } from './plugins/site-guard.ts';
import { installHostCheck, installOriginCheck } from './plugins/origin.ts';
import { installBodyDeadline, usualBodyLimits } from './plugins/slow-bodies.ts';
import { problem, problemOf } from './problems.ts';
import { forPeople } from '../db/index.ts';
import { holdToTable, route } from './route.ts';
import { realtimeRoute, refuseStraySockets } from './realtime/route.ts';
import { webRoutes } from './routes/web.ts';

export interface Api {
  readonly port: number;
  close(): Promise<void>;
}

/** Headers that do not end hold a connection; a browser sends them at once. */
const headersMs = 10_000;
const longestRequestMs = 10 * 60_000;
/** Bytes of an answer below which compression costs more than it saves. */
const compressFrom = 1024;

/** REST under `/api/v1`, described at `/api/v1/openapi.json`: the routes of all wings. */
export async function openApi(
  given: ApiParts,
  wings: readonly Wing[],
  listen: {
    host: string;
    port: number;
    trustedProxies: readonly string[];
    /** Names of ours besides those of this machine; left out, any name will do. */
    names?: readonly string[] | undefined;
  },
): Promise<Api> {
  const { log, limits = {} } = given;
  const db = forPeople(given.db);
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
    max: limits.requestsPerMinute ?? 1200,
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
  installBodyDeadline(server, { ...usualBodyLimits, ...limits.bodies }, () => slow.inc());
  installAccess(server, { ...given, db });
  server.setErrorHandler(async (error, _request, reply) => {
    const said = problemOf(error);
    // RFC 9110, 15.5.16: tells which codings are taken.
    if (said.code === 'request.encoded') void reply.header('accept-encoding', 'identity');
    if (said.status >= 500) log.error({ err: error }, 'request failed');
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
      serve(v1, { ...given, db, registry }, wings, () => withSharedRefusals(server.swagger()));
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
function serve(
  v1: Server,
  given: Omit<ApiParts, 'db'> & Pick<RouteParts, 'db' | 'registry'>,
  wings: readonly Wing[],
  describe: () => object,
): void {
  const table = holdToTable(v1);
  requireLogins(v1);
  installSiteGuard(v1, given);
  // Former answers, too, are for those who may see them now.
  installIdempotency(v1, given);
  let described: object | undefined;
  route(v1, 'GET /openapi.json', () => {
    described ??= describe();
    return Promise.resolve(described);
  });
  const hub = realtimeRoute(v1, given);
  const { db, clock, log, registry } = given;
  for (const wing of wings) wing(v1, { db, clock, log, registry, hub });
  v1.after((error) => {
    if (error !== null) throw error;
    table.complete(given.off);
  });
}
