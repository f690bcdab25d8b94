import { Type } from 'typebox';
import { closed } from '../fields.ts';
import { routes } from '../route.ts';

export const realtimeRoutes = routes({
  'GET /events': {
    summary: 'Websocket: a snapshot, then changes',
    tags: ['realtime'],
    permission: 'data.read',
    scope: 'site',
    query: closed({
      epoch: Type.Optional(Type.String({ maxLength: 64 })),
      after: Type.Optional(Type.Integer({ minimum: 0 })),
    }),
    responses: {},
  },
});
