import { Type } from 'typebox';
import {
  addCode,
  agentList,
  changeCode,
  codeList,
  setSkills,
  type CodeList,
} from '../../staff/index.ts';
import { require } from '../access.ts';
import type { ApiParts, Server } from '../api.types.ts';
import { CodeName } from '../../contract/agents.ts';
import {
  AgentPage,
  CodeChangeRequest,
  CodePage,
  CodeRequest,
  SkillsRequest,
} from '../../contract/staff.ts';

const lists: readonly (readonly [path: string, list: CodeList, what: string])[] = [
  ['/skills', 'skill', 'Skills'],
  ['/break-reasons', 'breakReason', 'Reasons for a break'],
  ['/wrap-up-reasons', 'wrapUpReason', 'Reasons at the end of a call'],
];

/** Skills, reasons, and who can do what. */
export function codeRoutes(server: Server, parts: ApiParts): void {
  for (const [path, list, what] of lists) oneList(server, parts, { path, list, what });
  const { db, clock } = parts;
  const tags = ['agents'];
  server.get(
    '/agents',
    {
      schema: {
        summary: 'Whoever may take a seat, with skills and queues',
        tags,
        response: { 200: AgentPage },
      },
    },
    async (request) => {
      const { siteIds } = require(request, 'data.read');
      return { items: await agentList(db, siteIds), nextCursor: null };
    },
  );
  server.put(
    '/agents/:staffId/skills',
    {
      schema: {
        summary: 'What an agent can do, whole',
        tags,
        params: Type.Object({ staffId: Type.String({ format: 'uuid' }) }),
        body: SkillsRequest,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      const member = require(request, 'settings.manage');
      await setSkills(db, clock, member.id, request.params.staffId, request.body.skills);
      return reply.status(204).send(null);
    },
  );
}

function oneList(
  server: Server,
  { db, clock }: ApiParts,
  { path, list, what }: { path: string; list: CodeList; what: string },
): void {
  const tags = ['settings'];
  server.get(
    path,
    { schema: { summary: what, tags, response: { 200: CodePage } } },
    async (request) => {
      require(request, 'data.read');
      return { items: await codeList(db, list), nextCursor: null };
    },
  );
  server.post(
    path,
    {
      schema: {
        summary: `${what}: one more`,
        tags,
        body: CodeRequest,
        response: { 201: CodeName },
      },
    },
    async (request, reply) => {
      const member = require(request, 'settings.manage');
      const { isActive = true, ...code } = request.body;
      return reply
        .status(201)
        .send(await addCode(db, clock, member.id, list, { ...code, isActive }));
    },
  );
  server.patch(
    `${path}/:code`,
    {
      schema: {
        summary: `${what}: rename, switch off or on`,
        tags,
        params: Type.Object({ code: Type.String({ maxLength: 40 }) }),
        body: CodeChangeRequest,
        response: { 200: CodeName },
      },
    },
    async (request) => {
      const member = require(request, 'settings.manage');
      return changeCode(db, clock, member.id, list, request.params.code, request.body);
    },
  );
}
