import {
  addFlowVersion,
  FlowVersionKnownError,
  FlowVersionNotFoundError,
  publishFlowVersion,
} from '../../content/index.ts';
import type { Db } from '../../db/index.ts';
import { audit } from '../../organisation/index.ts';
import { memberOf } from '../access.ts';
import type { ApiParts, Server } from '../api.types.ts';
import { route } from '../route.ts';
import { transact } from '../plugins/idempotency.ts';

export function flowRoutes(server: Server, parts: ApiParts): void {
  readRoutes(server, parts);
  writeRoutes(server, parts);
}

function readRoutes(server: Server, { db }: ApiParts): void {
  route(server, 'GET /flows', async () => {
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
  });
  route(server, 'GET /flows/:id/versions', async (request) => {
    const items = await versionsOf(db, request.params.id).limit(200).execute();
    if (items.length === 0) throw new FlowVersionNotFoundError();
    return { items: items.map(withoutDefinition), nextCursor: null };
  });
  route(server, 'GET /flows/:id/versions/:version', (request) => {
    return readVersion(db, request.params);
  });
}

function writeRoutes(server: Server, { db, clock }: ApiParts): void {
  route(server, 'POST /flows/:id/versions', async (request, reply) => {
    const member = memberOf(request);
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
  });
  route(server, 'POST /flows/:id/publish', async (request, reply) => {
    const member = memberOf(request);
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
  });
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
