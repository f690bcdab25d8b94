import { Type } from 'typebox';
import { closed } from '../fields.ts';
import { routes } from '../route.ts';
import { SearchResult } from '../search.ts';

export const searchRoutes = routes({
  'GET /search': {
    summary: 'People, rooms and orders by name, pinyin initials, room, number or order number',
    tags: ['desk'],
    permission: 'data.read',
    scope: 'site',
    query: closed({ q: Type.String({ minLength: 1, maxLength: 60 }) }),
    responses: { 200: SearchResult },
  },
});
