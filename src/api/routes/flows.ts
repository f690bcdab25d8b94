import { Type } from 'typebox';
import {
  addFlowVersion,
  FlowVersionKnownError,
  FlowVersionNotFoundError,
  publishFlowVersion,
} from '../../ivr/index.ts';
import type { Db } from '../../db/index.ts';
import { audit } from '../../staff/index.ts';
import { require } from '../access.ts';
import type { ApiParts, Server } from '../api.types.ts';
import {
  FlowId,
  FlowPage,
  FlowPublication,
  FlowVersionDetail,
  FlowVersionPage,
  FlowVersionView,
  NewFlowVersion,
} from '../../contract/flows.ts';
import { transact } from '../plugins/idempotency.ts';

const tags = ['flows'];
const params = Type.Object({ id: FlowId });
const versionParams = Type.Object({ id: FlowId, version: Type.Integer({ minimum: 1 }) });

export function flowRoutes(server: Server, parts: ApiParts): void {
  readRoutes(server, parts);
  writeRoutes(server, parts);
}

function readRoutes(server: Server, { db }: ApiParts): void {
  server.get(
    '/flows',
    { schema: { summary: 'Flows and their live versions', tags, response: { 200: FlowPage } } },
    async (request) => {
      require(request, 'flows.read');
      const items = await db
        .selectFrom('flow')
        .leftJoin('flowVersion', (join) =>
          join
            .onRef('flowVersion.flowId', '=', 'flow.id')
            .onRef('flowVersion.version', '=', 'flow.liveVersion'),
        )
        .select(['flow.id', 'flow.name', 'flow.liveVersion', 'flowVersion.definition'])
        .orderBy('flow.id')
        .execute();
      return { items, nextCursor: null };
    },
  );
  server.get(
    '/flows/:id/versions',
    {
      schema: {
        summary: 'Versions of a flow, newest first, without their definitions',
        tags,
        params,
        response: { 200: FlowVersionPage },
      },
    },
    async (request) => {
      require(request, 'flows.read');
      const items = await versionsOf(db, request.params.id).limit(200).execute();
      if (items.length === 0) throw new FlowVersionNotFoundError();
      return { items: items.map(withoutDefinition), nextCursor: null };
    },
  );
  server.get(
    '/flows/:id/versions/:version',
    {
      schema: {
        summary: 'A version with its definition',
        tags,
        params: versionParams,
        response: { 200: FlowVersionDetail },
      },
    },
    (request) => {
      require(request, 'flows.read');
      return readVersion(db, request.params);
    },
  );
}

function writeRoutes(server: Server, { db, clock }: ApiParts): void {
  server.post(
    '/flows/:id/versions',
    {
      bodyLimit: 1024 * 1024,
      config: { permission: 'flows.write' },
      schema: {
        summary: 'Add a version; every fault is listed in problems. It goes live by publish',
        tags,
        params,
        body: NewFlowVersion,
        response: { 201: FlowVersionDetail },
      },
    },
    async (request, reply) => {
      const member = require(request, 'flows.write');
      const { id: flowId } = request.params;
      const { definition, note = '' } = request.body;
      return transact(db, { request, reply }, async (trx) => {
        const added = await addFlowVersion(trx, { flowId, definition, authorId: member.id, note });
        if (!added.isNew) throw new FlowVersionKnownError(added.version);
        void reply.status(201);
        await audit(trx, clock, {
          staffId: member.id,
          act: 'flow_version.added',
          subject: flowId,
          details: { version: added.version },
        });
        return readVersion(trx, { id: flowId, version: added.version });
      });
    },
  );
  server.post(
    '/flows/:id/publish',
    {
      schema: {
        summary: 'Make a version live for new calls, also an older one',
        tags,
        params,
        body: FlowPublication,
        response: { 200: FlowVersionView },
      },
    },
    async (request, reply) => {
      const member = require(request, 'flows.publish');
      const { id: flowId } = request.params;
      const { version } = request.body;
      return transact(db, { request, reply }, async (trx) => {
        const { before } = await publishFlowVersion(trx, clock, { flowId, ...request.body });
        await audit(trx, clock, {
          staffId: member.id,
          act: 'flow.published',
          subject: flowId,
          details: { version, before },
        });
        return withoutDefinition(await readVersion(trx, { id: flowId, version }));
      });
    },
  );
}

function versionsOf(db: Db, flowId: string) {
  return db
    .selectFrom('flowVersion')
    .innerJoin('flow', 'flow.id', 'flowVersion.flowId')
    .leftJoin('staff', 'staff.id', 'flowVersion.authorId')
    .where('flowId', '=', flowId)
    .select([
      'flowVersion.flowId',
      'flowVersion.version',
      'flowVersion.checksum',
      'flowVersion.authorId',
      'staff.displayName as authorName',
      'flowVersion.note',
      'flowVersion.definition',
      'flowVersion.createdAt',
      'flow.liveVersion',
    ])
    .orderBy('version', 'desc');
}

async function readVersion(db: Db, { id, version }: { id: string; version: number }) {
  const row = await versionsOf(db, id).where('version', '=', version).executeTakeFirst();
  if (row === undefined) throw new FlowVersionNotFoundError();
  return { ...withoutDefinition(row), definition: row.definition };
}

function withoutDefinition<
  Row extends {
    version: number;
    createdAt: Date | string;
    definition?: unknown;
    liveVersion?: number | null;
    isLive?: boolean;
  },
>({ definition: _definition, liveVersion, isLive, createdAt, ...row }: Row) {
  return {
    ...row,
    isLive: isLive ?? liveVersion === row.version,
    createdAt: new Date(createdAt).toISOString(),
  };
}
