import type { RouteParts, Server } from '../api.types.ts';
import { route } from '../route.ts';
import type { FailedJob } from '../../core/jobs/jobs.ts';
import { missingLists } from '../../property/index.ts';
import { plain } from '../plain.ts';

const maxShown = 200;

export interface FailedJobs {
  failed(limit: number): Promise<FailedJob[]>;
}

export function jobRoutes(server: Server, { clock }: RouteParts, jobs: FailedJobs): void {
  route(server, 'GET /failed-jobs', async () => {
    return { items: plain(await jobs.failed(maxShown)), nextCursor: null };
  });
  route(server, 'GET /system-notices', () => {
    const years = missingLists(clock.now());
    const items = years.map((year) => ({ kind: 'holidays_missing' as const, year }));
    return Promise.resolve({ items });
  });
}
