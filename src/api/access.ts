import { sourceOf } from '../core/addresses.ts';
import { AppError } from '../core/errors.ts';
import { Scope, withoutSites } from '../db/index.ts';
import type { Asked } from '../lookup/index.ts';
import { authenticate, can, type Member, type Permission } from '../organisation/index.ts';
import type { RouteParts, FastifyRequest, Server } from './api.types.ts';

export const sessionCookie = 'lingting_session';

/** Finds out who asks, from the bearer token or the cookie. */
export function installAccess(
  server: Server,
  { db, clock }: Pick<RouteParts, 'db' | 'clock'>,
): void {
  server.decorateRequest('member', undefined);
  const accounts = withoutSites(db, 'who asks is known before their sites are');
  server.addHook('onRequest', async (request) => {
    const token = tokenOf(request);
    if (token !== undefined) request.member = await authenticate(accounts, clock, token);
  });
}

/**
 * Asks for a log-in, and for the permission that the table of routes names, before anything of a body is read.
 * Install it after the rate limit.
 */
export function requireLogins(server: Server): void {
  server.addHook('onRoute', (route) => {
    const { permission = 'data.read' } = route.config ?? {};
    if (permission === null) return;
    const check = (request: FastifyRequest, _reply: unknown, done: (error?: Error) => void) => {
      require(request, permission);
      done();
    };
    route.onRequest = [...[route.onRequest ?? []].flat(), check];
  });
}

export function tokenOf(request: FastifyRequest): string | undefined {
  const bearer = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
  return bearer ?? request.cookies[sessionCookie];
}

export class NotLoggedInError extends AppError {
  constructor() {
    super({
      code: 'session.missing',
      status: 401,
      message: 'Log in first: POST /api/v1/session.',
    });
  }
}

/** Whoever asks. Their permission has been looked at: the table of routes names it. */
export function memberOf({ member }: FastifyRequest): Member {
  if (member === undefined) throw new NotLoggedInError();
  return member;
}

/** Whose requests are counted together: a person's own, else those of one source. */
export function askerOf({ member, ip }: Pick<FastifyRequest, 'member' | 'ip'>): string {
  return member?.id ?? sourceOf(ip);
}

/** Whose data they may read. */
export function scopeOf(request: FastifyRequest): Scope {
  const { id, siteIds } = memberOf(request);
  return Scope.of({ id, siteIds });
}

/** What they look for in a list. */
export function askedBy(request: FastifyRequest & { query: { q?: string } }): Asked {
  const seesNumbers = can(memberOf(request).role, 'numbers.read');
  return { q: request.query.q ?? '', seesNumbers };
}

/** For more than the route asks for. Throws `session.missing` or `permission.missing`. */
export function require(request: FastifyRequest, permission: Permission): Member {
  const { member } = request;
  if (member === undefined) throw new NotLoggedInError();
  if (!can(member.role, permission)) {
    throw new AppError({
      code: 'permission.missing',
      status: 403,
      message: `Your role "${member.role}" lacks the permission ${permission}.`,
    });
  }
  return member;
}

/** 13800000001 → 138****0001 for those who may not see numbers. */
export function numberFor(member: Pick<Member, 'role'>, number: string): string {
  if (can(member.role, 'numbers.read') || number.length < 7) return number;
  return `${number.slice(0, 3)}****${number.slice(-4)}`;
}

/** wang@example.com → w***@example.com, and faxes like numbers. */
export function addressFor(member: Member, address: string): string {
  const at = address.lastIndexOf('@');
  if (at < 1) return numberFor(member, address);
  if (can(member.role, 'numbers.read')) return address;
  return `${address.slice(0, 1)}***${address.slice(at)}`;
}
