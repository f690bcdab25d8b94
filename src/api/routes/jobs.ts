import { require } from '../access.ts';
import type { ApiParts, Server } from '../api.types.ts';
import { FailedJobs } from '../contract/jobs.ts';
import { plain } from '../plain.ts';

const maxShown = 200;

export function jobRoutes(server: Server, { backbone }: ApiParts): void {
  server.get(
    '/failed-jobs',
    {
      schema: {
        summary: 'Background jobs given up after their last try',
        tags: ['operation'],
        response: { 200: FailedJobs },
      },
    },
    async (request) => {
      require(request, 'system.read');
      return { items: plain(await backbone.jobs.failed(maxShown)), nextCursor: null };
    },
  );
}
