import { Counter } from 'prom-client';
import type { Static } from 'typebox';
import { AppError } from '../../core/errors.ts';
import { authenticateAll, can } from '../../organisation/index.ts';
import { withoutSites } from '../../db/index.ts';
import type { Routes } from '../../contract/routes.ts';
import { memberOf, tokenOf } from '../access.ts';
import type { ApiParts, FastifyRequest, RouteParts, Server } from '../api.types.ts';
import { optionsOf } from '../route.ts';
import { isOwnOrigin } from '../plugins/origin.ts';
import { RealtimeHub, type RealtimeLimits } from './hub.ts';

const usualLimits: RealtimeLimits = {
  bufferedBytes: 1024 * 1024,
  silenceMs: 60_000,
  ring: 5000,
  perPerson: 12,
  sessionCheckMs: 400,
  framesAtOnce: 30,
  framesPerSecond: 3,
};

interface RealtimeParts extends Pick<RouteParts, 'db' | 'clock' | 'log' | 'registry'> {
  screens: ApiParts['screens'];
}

/** `GET /events`; see contract/agents/realtime.ts. */
export function realtimeRoute(
  server: Server,
  { db, clock, log, registry, screens }: RealtimeParts,
): RealtimeHub {
  const ended = new Counter({
    name: 'lingting_realtime_ended_total',
    help: 'Sockets of screens that the service ended, by reason',
    labelNames: ['reason'],
    registers: [registry],
  });
  const accounts = withoutSites(db, 'whose sessions stand, with the sites that they have now');
  const hub = new RealtimeHub({
    board: screens.board,
    latencies: screens.latencies,
    clock,
    log,
    limits: { ...usualLimits, ...screens.limits },
    viewerOf: ({ id, role, siteIds }) => ({
      staffId: id,
      isWatching: can(role, 'wall.read'),
      canSeeNumbers: can(role, 'numbers.read'),
      siteIds,
    }),
    membersOf: (tokens) => authenticateAll(accounts, clock, tokens),
    onEnd: (reason) => ended.inc({ reason }),
  });
  server.addHook('preClose', (done) => {
    hub.close();
    done();
  });
  const { method: _method, url, ...described } = optionsOf('GET /events');
  server.get(
    url,
    {
      ...described,
      websocket: true,
      config: { ...described.config, isSocket: true },
      preValidation: async (request: FastifyRequest) => {
        checkOrigin(request);
        return Promise.resolve();
      },
    },
    (socket, request) => {
      const member = memberOf(request);
      const { epoch, after } = request.query as Static<Routes['GET /events']['query']>;
      hub.join({ socket, wire: request.raw.socket }, member, tokenOf(request) ?? '', {
        epoch,
        after,
      });
    },
  );
  return hub;
}

/** An address without a socket answers an upgrade with 404, before it is upgraded. */
export function refuseStraySockets(server: Server): void {
  server.addHook('onRequest', (request, _reply, done) => {
    if (!request.ws || request.routeOptions.config.isSocket === true) done();
    else done(new NoSocketError());
  });
}

class NoSocketError extends AppError {
  constructor() {
    super({
      code: 'http.404',
      status: 404,
      message: 'There is no websocket at this address; it is /api/v1/events.',
    });
  }
}

/**
 * Browsers send the cookie with any page's websocket, and no same-origin rule stops them (RFC 6455
 * section 10.2), so the page must be ours. Programs send no Origin.
 */
function checkOrigin(request: FastifyRequest): void {
  if (request.headers.origin === undefined || isOwnOrigin(request)) return;
  throw new AppError({
    code: 'realtime.foreign_origin',
    status: 403,
    message: 'This page does not belong to the service, so it may not listen to its events.',
  });
}
