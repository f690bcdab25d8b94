import { require } from '../access.ts';
import type { ApiParts, Server } from '../api.types.ts';

export function flowRoutes(server: Server, { db }: ApiParts): void {
  server.get(
    '/flows',
    { schema: { summary: 'Flows and their live versions', tags: ['flows'] } },
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
}
