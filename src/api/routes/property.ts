import { Type } from 'typebox';
import { numberFor, require } from '../access.ts';
import type { ApiParts, Server } from '../api.types.ts';
import { pageById, pageQuery } from '../lists.ts';

const uuid = Type.String({ format: 'uuid' });

export function propertyRoutes(server: Server, { db }: ApiParts): void {
  const schema = (summary: string, extra = {}) => ({
    summary,
    tags: ['property'],
    querystring: Type.Object({ ...pageQuery, ...extra }),
  });
  server.get('/estates', { schema: schema('Estates') }, async (request) => {
    require(request, 'data.read');
    const items = await db.selectFrom('estate').selectAll().orderBy('code').execute();
    return { items, nextCursor: null };
  });
  const roomQuery = Type.Object({ ...pageQuery, estateId: Type.Optional(uuid) });
  server.get(
    '/rooms',
    { schema: { ...schema('Rooms'), querystring: roomQuery } },
    async (request) => {
      require(request, 'data.read');
      const { estateId } = request.query;
      return pageById(
        request.query,
        (limit, before) => {
          let rows = db.selectFrom('room').selectAll().orderBy('id', 'desc').limit(limit);
          if (before !== undefined) rows = rows.where('id', '<', before);
          if (estateId !== undefined) rows = rows.where('estateId', '=', estateId);
          return rows.execute();
        },
        (row) => row,
      );
    },
  );
  const billQuery = Type.Object({
    ...pageQuery,
    roomId: Type.Optional(uuid),
    isUnpaid: Type.Optional(Type.Boolean()),
  });
  server.get(
    '/bills',
    { schema: { ...schema('Bills'), querystring: billQuery } },
    async (request) => {
      require(request, 'data.read');
      const { roomId, isUnpaid } = request.query;
      return pageById(
        request.query,
        (limit, before) => {
          let rows = db.selectFrom('bill').selectAll().orderBy('id', 'desc').limit(limit);
          if (before !== undefined) rows = rows.where('id', '<', before);
          if (roomId !== undefined) rows = rows.where('roomId', '=', roomId);
          if (isUnpaid === true) rows = rows.whereRef('paidFen', '<', 'amountFen');
          return rows.execute();
        },
        (row) => row,
      );
    },
  );
  const ownerQuery = Type.Object({
    ...pageQuery,
    q: Type.Optional(Type.String({ maxLength: 60 })),
  });
  server.get(
    '/owners',
    { schema: { ...schema('People by name, pinyin or number'), querystring: ownerQuery } },
    async (request) => {
      const member = require(request, 'data.read');
      const q = request.query.q?.trim() ?? '';
      const like = `%${q.replaceAll(/[\\%_]/g, (char) => `\\${char}`)}%`;
      return pageById(
        request.query,
        (limit, before) => {
          let rows = db
            .selectFrom('person')
            .select(['id', 'name', 'namePinyin', 'language', 'isVip', 'notes'])
            .select((row) =>
              row
                .selectFrom('personPhone')
                .whereRef('personId', '=', 'person.id')
                .select((of) => of.fn.agg<string[]>('array_agg', ['number']).as('numbers'))
                .as('numbers'),
            )
            .orderBy('id', 'desc')
            .limit(limit);
          if (before !== undefined) rows = rows.where('id', '<', before);
          if (q !== '') {
            rows = rows.where((where) =>
              where.or([
                where('name', 'like', like),
                where('namePinyin', 'like', like.toLowerCase()),
                where.exists(
                  where
                    .selectFrom('personPhone')
                    .select('id')
                    .whereRef('personId', '=', 'person.id')
                    .where('number', '=', q),
                ),
              ]),
            );
          }
          return rows.execute();
        },
        ({ numbers, namePinyin: _pinyin, ...row }) => ({
          ...row,
          numbers: (numbers ?? []).map((number) => numberFor(member, number)),
        }),
      );
    },
  );
}
