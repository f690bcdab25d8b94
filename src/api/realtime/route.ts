import { Type } from 'typebox';
import { AppError } from '../../core/errors.ts';
import { authenticate, can } from '../../staff/index.ts';
import { require, tokenOf } from '../access.ts';
import type { ApiParts, FastifyRequest, Server } from '../api.types.ts';
import { isOwnOrigin } from '../plugins/origin.ts';
import { RealtimeHub, type RealtimeLimits } from './hub.ts';

const usualLimits: RealtimeLimits = {
  bufferedBytes: 1024 * 1024,
  silenceMs: 60_000,
  ring: 5000,
  perPerson: 12,
};

/** `GET /events`; see contract/realtime.ts. */
export function realtimeRoute(
  server: Server,
  { db, clock, log, board, latencies, realtime }: ApiParts,
) {
  const hub = new RealtimeHub({
    board,
    latencies,
    clock,
    log,
    limits: { ...usualLimits, ...realtime },
    viewerOf: ({ id, role, siteIds }) => ({
      staffId: id,
      isWatching: can(role, 'wall.read'),
      canSeeNumbers: can(role, 'numbers.read'),
      siteIds,
    }),
    isValid: async (token) => (await authenticate(db, clock, token)) !== undefined,
  });
  server.addHook('preClose', (done) => {
    hub.close();
    done();
  });
  server.get(
    '/events',
    {
      websocket: true,
      schema: {
        summary: 'Websocket: a snapshot, then changes',
        tags: ['realtime'],
        querystring: Type.Object({
          epoch: Type.Optional(Type.String({ maxLength: 64 })),
          after: Type.Optional(Type.Integer({ minimum: 0 })),
        }),
      },
      preValidation: async (request) => {
        require(request, 'data.read');
        checkOrigin(request);
        return Promise.resolve();
      },
    },
    (socket, request) => {
      const member = require(request, 'data.read');
      const { epoch, after } = request.query;
      hub.join({ socket, wire: request.raw.socket }, member, tokenOf(request) ?? '', {
        epoch,
        after,
      });
    },
  );
  return hub;
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
