import { Type } from 'typebox';
import { search } from '../../agents/index.ts';
import { can } from '../../staff/index.ts';
import { numberFor, require } from '../access.ts';
import type { ApiParts, Server } from '../api.types.ts';
import { SearchResult } from '../../contract/search.ts';

export function searchRoutes(server: Server, { db, clock }: ApiParts): void {
  server.get(
    '/search',
    {
      schema: {
        summary: 'People, rooms and orders by name, pinyin initials, room, number or order number',
        tags: ['desk'],
        querystring: Type.Object({ q: Type.String({ minLength: 1, maxLength: 60 }) }),
        response: { 200: SearchResult },
      },
    },
    async (request) => {
      const member = require(request, 'data.read');
      const { people, rooms, orders } = await search(db, clock, request.query.q, {
        siteIds: member.siteIds,
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
    },
  );
}
