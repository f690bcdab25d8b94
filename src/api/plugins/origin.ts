import { AppError } from '../../core/errors.ts';
import { isOurHost } from '../../core/host-names.ts';
import { sessionCookie } from '../access.ts';
import type { FastifyRequest, Server } from '../api.types.ts';

const reads = new Set(['GET', 'HEAD', 'OPTIONS']);

export class ForeignOriginError extends AppError {
  constructor() {
    super({
      code: 'request.foreign_origin',
      status: 403,
      message:
        'A write with the session cookie comes from a page of this service (Origin names it). Programs send Authorization: Bearer.',
    });
  }
}

/**
 * A page of another site must not write with a reader's cookie (CSRF). Browsers send Origin with every
 * write (Fetch standard, "append a request Origin header"); it has to be ours. Programs send a bearer
 * token, which no page can make a browser add. SameSite does not tell a neighbouring port or subdomain apart.
 */
export function installOriginCheck(server: Server): void {
  server.addHook('onRequest', (request, _reply, done) => {
    if (reads.has(request.method) || isAllowed(request)) done();
    else done(new ForeignOriginError());
  });
}

export class UnknownHostError extends AppError {
  constructor() {
    super({
      code: 'request.unknown_host',
      status: 421,
      message:
        'This service is not known under the name in Host (or X-Forwarded-Host). Use localhost or 127.0.0.1, or name it in HTTP_NAMES.',
      details: { setting: 'HTTP_NAMES' },
    });
  }
}

/**
 * A page whose name leads to this machine (DNS rebinding) would be of our own origin. Both headers have to name us:
 * such a page may send X-Forwarded-Host itself. Without Host no browser asks.
 */
export function installHostCheck(server: Server, names: readonly string[]): void {
  server.addHook('onRequest', (request, _reply, done) => {
    const hosts = [request.headers.host, request.host].filter((one) => one !== undefined);
    if (hosts.every((host) => host === '' || isOurHost(host, names))) done();
    else done(new UnknownHostError());
  });
}

function isAllowed(request: FastifyRequest): boolean {
  const { origin, authorization = '' } = request.headers;
  // An address with a password in it makes browsers send Basic; nothing makes them send a token.
  if (/^Bearer \S/i.test(authorization)) return true;
  if (origin !== undefined) return isOwnOrigin(request);
  return request.cookies[sessionCookie] === undefined;
}

/** Whether the page that asks came from the address at which we are reached. */
export function isOwnOrigin(request: FastifyRequest): boolean {
  const { origin = '', host } = request.headers;
  if (!URL.canParse(origin)) return false;
  const page = new URL(origin).host;
  // Behind a proxy that renames the host, the name that it forwards (from trusted proxies alone).
  return page === host || page === request.host;
}
