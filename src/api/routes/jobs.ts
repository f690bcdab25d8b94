import type { ApiParts, Server } from '../api.types.ts';
import { route } from '../route.ts';
import { missingLists } from '../../property/index.ts';
import { plain } from '../plain.ts';

const maxShown = 200;

export function jobRoutes(server: Server, { backbone, clock }: ApiParts): void {
  route(server, 'GET /failed-jobs', async () => {
    return { items: plain(await backbone.jobs.failed(maxShown)), nextCursor: null };
  });
  route(server, 'GET /system-notices', () => {
    const years = missingLists(clock.now());
    const items = years.map((year) => ({ kind: 'holidays_missing' as const, year }));
    return Promise.resolve({ items });
  });
}
