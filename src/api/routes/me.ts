import {
  beginSecondFactor,
  changeOwnPassword,
  confirmSecondFactor,
  removeSecondFactor,
  permissionsOf,
} from '../../organisation/index.ts';
import { memberOf, tokenOf } from '../access.ts';
import type { ApiParts, Server } from '../api.types.ts';
import { route } from '../route.ts';
/** Each of these tries a password or a code. */

/** What people do with their own account. */
export function meRoutes(server: Server, parts: ApiParts): void {
  const { db, clock } = parts;
  route(server, 'GET /me', (request) => {
    const member = memberOf(request);
    return Promise.resolve({ ...member, permissions: [...permissionsOf(member.role)] });
  });
  route(server, 'PUT /me/password', async (request, reply) => {
    const member = memberOf(request);
    await changeOwnPassword(db, clock, member, {
      ...request.body,
      token: tokenOf(request) ?? '',
    });
    return reply.status(204).send(null);
  });
  route(server, 'POST /me/second-factor', async (request, reply) => {
    const member = memberOf(request);
    return reply.status(201).send(await beginSecondFactor(parts, member, request.body));
  });
  route(server, 'PUT /me/second-factor', async (request, reply) => {
    const member = memberOf(request);
    await confirmSecondFactor(parts, member, { ...request.body, token: tokenOf(request) ?? '' });
    return reply.status(204).send(null);
  });
  route(server, 'DELETE /me/second-factor', async (request, reply) => {
    const member = memberOf(request);
    await removeSecondFactor(parts, member, { ...request.body, token: tokenOf(request) ?? '' });
    return reply.status(204).send(null);
  });
}
