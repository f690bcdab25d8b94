import { search } from '../../lookup/index.ts';
import { can } from '../../organisation/index.ts';
import { memberOf, numberFor, scopeOf } from '../access.ts';
import type { RouteParts, Server } from '../api.types.ts';
import { route } from '../route.ts';

export function searchRoutes(server: Server, { db, clock }: RouteParts): void {
  route(server, 'GET /search', async (request) => {
    const member = memberOf(request);
    const { people, rooms, orders } = await search(scopeOf(request), db, clock, request.query.q, {
      seesNumbers: can(member.role, 'numbers.read'),
    });
    return {
      rooms,
      orders,
      people: people.map((one) => ({
        ...one,
        numbers: one.numbers.map((number) => numberFor(member, number)),
      })),
    };
  });
}
