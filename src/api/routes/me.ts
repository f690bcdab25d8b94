import { Type } from 'typebox';
import {
  beginSecondFactor,
  changeOwnPassword,
  confirmSecondFactor,
  permissionsOf,
  removeSecondFactor,
} from '../../staff/index.ts';
import { require, tokenOf } from '../access.ts';
import type { ApiParts, Server } from '../api.types.ts';
import { MeView } from '../../contract/session.ts';
import {
  PasswordRequest,
  SecondFactor,
  SecondFactorConfirm,
  SecondFactorRequest,
} from '../../contract/staff.ts';

const tags = ['me'];
const none = { 204: Type.Null() };
/** Each of these tries a password or a code. */
const rateLimit = { max: 10, timeWindow: '1 minute' };

/** What people do with their own account. */
export function meRoutes(server: Server, parts: ApiParts): void {
  const { db, clock } = parts;
  server.get(
    '/me',
    { schema: { summary: 'Who I am and what I may do', tags, response: { 200: MeView } } },
    (request) => {
      const member = require(request, 'data.read');
      return Promise.resolve({ ...member, permissions: [...permissionsOf(member.role)] });
    },
  );
  server.put(
    '/me/password',
    {
      schema: {
        summary: 'Change my password; ends my other sessions',
        tags,
        body: PasswordRequest,
        response: none,
      },
      config: { rateLimit },
    },
    async (request, reply) => {
      const member = require(request, 'data.read');
      await changeOwnPassword(db, clock, member, {
        ...request.body,
        token: tokenOf(request) ?? '',
      });
      return reply.status(204).send(null);
    },
  );
  server.post(
    '/me/second-factor',
    {
      schema: {
        summary: 'A new secret for my authenticator app; PUT a code of it to switch it on',
        tags,
        body: SecondFactorRequest,
        response: { 201: SecondFactor },
      },
      config: { rateLimit, isToldOnce: true },
    },
    async (request, reply) => {
      const member = require(request, 'data.read');
      return reply.status(201).send(await beginSecondFactor(parts, member, request.body));
    },
  );
  server.put(
    '/me/second-factor',
    {
      schema: {
        summary: 'Switch it on with a code; ends my other sessions',
        tags,
        body: SecondFactorConfirm,
        response: none,
      },
      config: { rateLimit },
    },
    async (request, reply) => {
      const member = require(request, 'data.read');
      await confirmSecondFactor(parts, member, { ...request.body, token: tokenOf(request) ?? '' });
      return reply.status(204).send(null);
    },
  );
  server.delete(
    '/me/second-factor',
    {
      schema: {
        summary: 'Log in with the password alone again; ends my other sessions',
        tags,
        body: SecondFactorRequest,
        response: none,
      },
      config: { rateLimit },
    },
    async (request, reply) => {
      const member = require(request, 'data.read');
      await removeSecondFactor(parts, member, { ...request.body, token: tokenOf(request) ?? '' });
      return reply.status(204).send(null);
    },
  );
}
