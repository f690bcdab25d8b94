import { Type } from 'typebox';
import { CodeName } from '../agents/agents.ts';
import { closed } from '../fields.ts';
import { routes } from '../route.ts';
import { CodeChangeRequest, CodePage, CodeRequest } from '../staff.ts';

const CodeParams = closed({ code: Type.String({ maxLength: 40 }) });

/** Skills and reasons: lists that an office keeps. */
export const codeRoutes = routes({
  'GET /skills': {
    summary: 'Skills',
    tags: ['settings'],
    permission: 'data.read',
    scope: 'company',
    responses: { 200: CodePage },
  },
  'POST /skills': {
    summary: 'Skills: one more',
    tags: ['settings'],
    permission: 'settings.manage',
    scope: 'company',
    body: CodeRequest,
    responses: { 201: CodeName },
  },
  'PATCH /skills/:code': {
    summary: 'Skills: rename, switch off or on',
    tags: ['settings'],
    permission: 'settings.manage',
    scope: 'company',
    params: CodeParams,
    body: CodeChangeRequest,
    responses: { 200: CodeName },
  },
  'GET /break-reasons': {
    summary: 'Reasons for a break',
    tags: ['settings'],
    permission: 'data.read',
    scope: 'company',
    responses: { 200: CodePage },
  },
  'POST /break-reasons': {
    summary: 'Reasons for a break: one more',
    tags: ['settings'],
    permission: 'settings.manage',
    scope: 'company',
    body: CodeRequest,
    responses: { 201: CodeName },
  },
  'PATCH /break-reasons/:code': {
    summary: 'Reasons for a break: rename, switch off or on',
    tags: ['settings'],
    permission: 'settings.manage',
    scope: 'company',
    params: CodeParams,
    body: CodeChangeRequest,
    responses: { 200: CodeName },
  },
  'GET /wrap-up-reasons': {
    summary: 'Reasons at the end of a call',
    tags: ['settings'],
    permission: 'data.read',
    scope: 'company',
    responses: { 200: CodePage },
  },
  'POST /wrap-up-reasons': {
    summary: 'Reasons at the end of a call: one more',
    tags: ['settings'],
    permission: 'settings.manage',
    scope: 'company',
    body: CodeRequest,
    responses: { 201: CodeName },
  },
  'PATCH /wrap-up-reasons/:code': {
    summary: 'Reasons at the end of a call: rename, switch off or on',
    tags: ['settings'],
    permission: 'settings.manage',
    scope: 'company',
    params: CodeParams,
    body: CodeChangeRequest,
    responses: { 200: CodeName },
  },
});
