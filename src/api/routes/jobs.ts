import { require } from '../access.ts';
import type { ApiParts, Server } from '../api.types.ts';
import { missingLists } from '../../property/index.ts';
import { FailedJobs, SystemNotices } from '../../contract/jobs.ts';
import { plain } from '../plain.ts';

const maxShown = 200;

export function jobRoutes(server: Server, { backbone, clock }: ApiParts): void {
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
  server.get(
    '/system-notices',
    {
      schema: {
        summary: 'What an administrator has to mend before it matters',
        tags: ['operation'],
        response: { 200: SystemNotices },
      },
    },
    (request) => {
      require(request, 'system.read');
      const years = missingLists(clock.now());
      const items = years.map((year) => ({ kind: 'holidays_missing' as const, year }));
      return Promise.resolve({ items });
    },
  );
}
