import { changesBetween } from '../../../core/changes.ts';
import {
  addFlowVersion,
  flowList,
  flowVersion,
  FlowVersionKnownError,
  flowVersions,
  publishFlowVersion,
} from '../../../content/index.ts';
import { withoutSites } from '../../../db/index.ts';
import type { RouteParts, Server } from '../../api.types.ts';
import { route } from '../../route.ts';
import { write } from '../../write.ts';

export function flowRoutes(server: Server, parts: RouteParts): void {
  readRoutes(server, parts);
  writeRoutes(server, parts);
}

const ofAll = 'flows are of all sites';

function readRoutes(server: Server, parts: RouteParts): void {
  const db = withoutSites(parts.db, ofAll);
  route(server, 'GET /flows', async () => ({ items: await flowList(db), nextCursor: null }));
  route(server, 'GET /flows/:id/versions', async (request) => {
    const items = await flowVersions(db, request.params.id);
    return { items: items.map(short), nextCursor: null };
  });
  route(server, 'GET /flows/:id/versions/:version', async (request) => {
    const { id, version } = request.params;
    return whole(await flowVersion(db, id, version));
  });
}

function writeRoutes(server: Server, parts: RouteParts): void {
  const { clock } = parts;
  const db = withoutSites(parts.db, ofAll);
  write(server, parts, 'POST /flows/:id/versions', async ({ request, member, trx, audit }) => {
    const { id: flowId } = request.params;
    const { definition, note = '' } = request.body;
    const wanted = { flowId, definition, authorId: member.id, note };
    const { version, isNew } = await addFlowVersion(trx, wanted);
    if (!isNew) throw new FlowVersionKnownError(version);
    await audit('flow_version.added', flowId, { version });
    return whole(await flowVersion(trx, flowId, version));
  });
  write(server, parts, 'POST /flows/:id/publish', {
    async work({ request, trx, audit }) {
      const { id: flowId } = request.params;
      const { version } = request.body;
      const { before } = await publishFlowVersion(trx, clock, { flowId, ...request.body });
      const changes = changesBetween({ version: before }, { version });
      await audit('flow.published', flowId, { version, before, changes });
      return short(await flowVersion(trx, flowId, version));
    },
    async present({ request: { params } }) {
      const [newest] = await flowVersions(db, params.id);
      const live = newest?.liveVersion ?? null;
      return live === null ? null : short(await flowVersion(db, params.id, live));
    },
  });
}

type Version = Awaited<ReturnType<typeof flowVersion>>;

function short({ definition: _definition, liveVersion, createdAt, ...row }: Version) {
  return { ...row, isLive: liveVersion === row.version, createdAt: createdAt.toISOString() };
}

function whole(row: Version) {
  return { ...short(row), definition: row.definition };
}
