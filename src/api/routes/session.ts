import { Type } from 'typebox';
import { logIn, logOut } from '../../staff/index.ts';
import { NotLoggedInError, require, sessionCookie, tokenOf } from '../access.ts';
import type { ApiParts, Server } from '../api.types.ts';
import { NewSession, SessionView } from '../../contract/session.ts';

export function sessionRoutes(server: Server, { db, clock, sealer }: ApiParts): void {
  const body = Type.Object(
    {
      username: Type.String({ minLength: 1, maxLength: 64 }),
      password: Type.String({ minLength: 1, maxLength: 200 }),
      /** Of the authenticator app; asked for with `session.code_required`. */
      code: Type.Optional(Type.String({ maxLength: 12 })),
    },
    { additionalProperties: false },
  );
  server.post(
    '/session',
    {
      bodyLimit: 8 * 1024,
      schema: { summary: 'Log in', tags: ['session'], body, response: { 201: NewSession } },
      // Of one address, which may be that of a whole office at eight in the morning; accounts have their own.
      config: { rateLimit: { max: 120, timeWindow: '1 minute' }, isOpen: true, isToldOnce: true },
    },
    async (request, reply) => {
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
    },
  );
  server.get(
    '/session',
    { schema: { summary: 'Who am I', tags: ['session'], response: { 200: SessionView } } },
    (request) => Promise.resolve({ staff: require(request, 'data.read') }),
  );
  server.delete(
    '/session',
    {
      schema: { summary: 'Log out', tags: ['session'], response: { 204: Type.Null() } },
      config: { isOpen: true },
    },
    async (request, reply) => {
      const token = tokenOf(request);
      void reply.clearCookie(sessionCookie, { path: '/' });
      const hadOne = token !== undefined && (await logOut(db, token));
      if (!hadOne) throw new NotLoggedInError();
      return reply.status(204).send(null);
    },
  );
}
