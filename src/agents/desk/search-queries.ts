import { sql } from 'kysely';
import type { Db } from '../../db/index.ts';
import type { SearchTerms } from './search-terms.ts';

/** The questions of a search; each is bounded and begins with an index (a test explains them). */
export const searchLimit = 20;

/** Ids of people by name, pinyin or number; undefined when the text means none of these. */
export function peopleBy({ name, pinyin, phone, phoneTail }: SearchTerms) {
  const initials = sql`split_part(name_pinyin, ' ', 2)`;
  const parts = [
    name === undefined ? undefined : sql`FROM person WHERE name LIKE ${begins(name)}`,
    pinyin === undefined ? undefined : sql`FROM person WHERE name_pinyin LIKE ${begins(pinyin)}`,
    pinyin === undefined ? undefined : sql`FROM person WHERE ${initials} LIKE ${begins(pinyin)}`,
  ].map((from) => (from === undefined ? undefined : sql`(SELECT id ${from} LIMIT ${searchLimit})`));
  const phones = [
    phone === undefined ? undefined : sql`number LIKE ${begins(phone)}`,
    phoneTail === undefined
      ? undefined
      : sql`reverse(number) LIKE ${begins([...phoneTail].reverse().join(''))}`,
  ].map((where) =>
    where === undefined
      ? undefined
      : sql`(SELECT person_id FROM person_phone WHERE ${where} LIMIT ${searchLimit})`,
  );
  const all = [...parts, ...phones].filter((part) => part !== undefined);
  if (all.length === 0) return undefined;
  return sql<{
    id: string;
  }>`SELECT DISTINCT id FROM (${sql.join(all, sql` UNION ALL `)}) AS found (id) LIMIT ${searchLimit}`;
}

export function peopleById(db: Db, ids: readonly string[], today: string) {
  return db
    .selectFrom('person')
    .leftJoin('occupancy', (join) =>
      join
        .onRef('occupancy.personId', '=', 'person.id')
        .on((on) =>
          on.or([on('occupancy.validTo', 'is', null), on('occupancy.validTo', '>=', today)]),
        ),
    )
    .leftJoin('room', 'room.id', 'occupancy.roomId')
    .leftJoin('estate', 'estate.id', 'room.estateId')
    .where('person.id', 'in', ids)
    .select([
      'person.id as personId',
      'person.name',
      'person.isVip',
      'person.flags',
      'room.id as roomId',
      'room.label',
      'room.estateId',
      'estate.name as estateName',
      'estate.nameEn as estateNameEn',
    ])
    .select((row) =>
      row
        .selectFrom('personPhone')
        .whereRef('personPhone.personId', '=', 'person.id')
        .select((of) => of.fn.agg<string[] | null>('array_agg', ['personPhone.number']).as('all'))
        .as('numbers'),
    )
    .orderBy('person.name')
    .orderBy('person.id')
    .orderBy('room.label');
}

export function roomsBy(
  db: Db,
  { roomLabel, roomNumber }: SearchTerms,
  siteIds: readonly string[] | null,
  today: string,
) {
  if (roomLabel === undefined && roomNumber === undefined) return undefined;
  const found = db
    .selectFrom('room')
    .innerJoin('estate', 'estate.id', 'room.estateId')
    .$if(siteIds !== null, (query) => query.where('room.estateId', 'in', siteIds ?? []))
    .$if(roomLabel !== undefined, (query) =>
      query.where('room.label', 'like', begins(roomLabel ?? '')),
    )
    .$if(roomLabel === undefined, (query) => query.where('room.number', '=', roomNumber ?? ''))
    .orderBy('room.label')
    .limit(searchLimit)
    .select([
      'room.id as roomId',
      'room.label',
      'room.estateId',
      'estate.name as estateName',
      'estate.nameEn as estateNameEn',
    ]);
  return db
    .selectFrom(found.as('found'))
    .leftJoin('occupancy', (join) =>
      join
        .onRef('occupancy.roomId', '=', 'found.roomId')
        .on((on) =>
          on.or([on('occupancy.validTo', 'is', null), on('occupancy.validTo', '>=', today)]),
        ),
    )
    .leftJoin('person', 'person.id', 'occupancy.personId')
    .selectAll('found')
    .select(['person.id as personId', 'person.name as personName'])
    .orderBy('found.label')
    .orderBy('person.id');
}

export function ordersBy(db: Db, { order }: SearchTerms, siteIds: readonly string[] | null) {
  if (order === undefined) return undefined;
  return db
    .selectFrom('workOrder')
    .leftJoin('room', 'room.id', 'workOrder.roomId')
    .where('workOrder.number', 'like', `${order}%`)
    .$if(siteIds !== null, (query) => query.where('workOrder.estateId', 'in', siteIds ?? []))
    .orderBy('workOrder.number')
    .limit(searchLimit)
    .select([
      'workOrder.number',
      'workOrder.kind',
      'workOrder.category',
      'workOrder.state',
      'workOrder.summary',
      'workOrder.createdAt',
      'room.label as roomLabel',
    ]);
}

function begins(text: string): string {
  return `${escaped(text)}%`;
}

function escaped(text: string): string {
  return text.replaceAll(/[\\%_]/g, (char) => `\\${char}`);
}
