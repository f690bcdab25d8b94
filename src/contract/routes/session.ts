import { Type } from 'typebox';
import { routes } from '../route.ts';
import { Credentials, MeView, NewSession, SessionView } from '../session.ts';
import {
  PasswordRequest,
  SecondFactor,
  SecondFactorConfirm,
  SecondFactorRequest,
} from '../staff.ts';

/** Each of these tries a password or a code. */
const fewTries = { max: 10, timeWindow: '1 minute' };

export const sessionRoutes = routes({
  'POST /session': {
    summary: 'Log in',
    tags: ['session'],
    permission: null,
    scope: 'public',
    body: Credentials,
    responses: { 201: NewSession },
    bodyLimit: 8 * 1024,
    rateLimit: { max: 120, timeWindow: '1 minute' },
    isToldOnce: true,
  },
  'GET /session': {
    summary: 'Who am I',
    tags: ['session'],
    permission: 'data.read',
    scope: 'own',
    responses: { 200: SessionView },
  },
  'DELETE /session': {
    summary: 'Log out',
    tags: ['session'],
    permission: null,
    scope: 'public',
    responses: { 204: Type.Null() },
  },
  'GET /me': {
    summary: 'Who I am and what I may do',
    tags: ['me'],
    permission: 'data.read',
    scope: 'own',
    responses: { 200: MeView },
  },
  'PUT /me/password': {
    summary: 'Change my password; ends my other sessions',
    tags: ['me'],
    permission: 'data.read',
    scope: 'own',
    body: PasswordRequest,
    responses: { 204: Type.Null() },
    rateLimit: fewTries,
  },
  'POST /me/second-factor': {
    summary: 'A new secret for my authenticator app; PUT a code of it to switch it on',
    tags: ['me'],
    permission: 'data.read',
    scope: 'own',
    body: SecondFactorRequest,
    responses: { 201: SecondFactor },
    rateLimit: fewTries,
    isToldOnce: true,
  },
  'PUT /me/second-factor': {
    summary: 'Switch it on with a code; ends my other sessions',
    tags: ['me'],
    permission: 'data.read',
    scope: 'own',
    body: SecondFactorConfirm,
    responses: { 204: Type.Null() },
    rateLimit: fewTries,
  },
  'DELETE /me/second-factor': {
    summary: 'Log in with the password alone again; ends my other sessions',
    tags: ['me'],
    permission: 'data.read',
    scope: 'own',
    body: SecondFactorRequest,
    responses: { 204: Type.Null() },
    rateLimit: fewTries,
  },
});
