import type { Sealer } from '../../../core/seal.ts';
import { logIn, logOut } from '../../../organisation/index.ts';
import { withoutSites } from '../../../db/index.ts';
import { NotLoggedInError, memberOf, sessionCookie, tokenOf } from '../../access.ts';
import type { RouteParts, Server } from '../../api.types.ts';
import { command } from '../../commands.ts';
import { route } from '../../route.ts';

export function sessionRoutes(server: Server, parts: RouteParts, sealer: Sealer): void {
  const { clock } = parts;
  const db = withoutSites(parts.db, 'a session is of no site');
  command(server, parts, 'POST /session', async (request, reply) => {
    const given = {
      ...request.body,
      userAgent: request.headers['user-agent'] ?? '',
      address: request.ip,
    };
    const { member, token, expiresAt } = await logIn(db, clock, given, sealer);
    void reply.setCookie(sessionCookie, token, {
      path: '/',
      httpOnly: true,
      sameSite: 'strict',
      secure: request.protocol === 'https',
      expires: expiresAt,
    });
    return reply.status(201).send({ token, expiresAt: expiresAt.toISOString(), staff: member });
  });
  route(server, 'GET /session', (request) => Promise.resolve({ staff: memberOf(request) }));
  command(server, parts, 'DELETE /session', async (request, reply) => {
    const token = tokenOf(request);
    void reply.clearCookie(sessionCookie, { path: '/' });
    const hadOne = token !== undefined && (await logOut(db, token));
    if (!hadOne) throw new NotLoggedInError();
    return reply.status(204).send(null);
  });
}
