import { sql, type RawBuilder } from 'kysely';
import { inScope, inSites, type Db, type Scope, type Sites } from '../db/index.ts';
import { dayIn } from '../property/index.ts';
import type { SearchTerms } from './search-terms.ts';

/** The questions of a search; each is bounded and begins with an index (a test explains them). */
export const searchLimit = 20;

/** Ids of people by name, pinyin or number; undefined when the text means none of these. */
export function peopleBy(terms: SearchTerms, limit = searchLimit) {
  const parts = peopleParts(terms).map((part) => sql`(${part} LIMIT ${limit})`);
  if (parts.length === 0) return undefined;
  return sql<{
    id: string;
  }>`SELECT DISTINCT id FROM (${sql.join(parts, sql` UNION ALL `)}) AS found (id) LIMIT ${limit}`;
}

/** Whether the row `person` is one of those; for lists that have their own order. */
export function isPerson(terms: SearchTerms): RawBuilder<boolean> {
  const parts = peopleParts(terms);
  if (parts.length === 0) return sql<boolean>`false`;
  return sql<boolean>`person.id IN (${sql.join(parts, sql` UNION ALL `)})`;
}

function peopleParts(terms: SearchTerms): RawBuilder<unknown>[] {
  const { name, pinyin = [], phone, isPhoneWhole, phoneTail } = terms;
  const initials = sql`split_part(name_pinyin, ' ', 2)`;
  return [
    ...(name === undefined ? [] : [sql`search_name(name) LIKE ${begins(name)}`]),
    ...pinyin.map((spelling) => sql`name_pinyin LIKE ${begins(spelling)}`),
    ...pinyin.slice(0, 1).map((spelling) => sql`${initials} LIKE ${begins(spelling)}`),
  ]
    .map((where) => sql`SELECT id FROM person WHERE ${where}`)
    .concat(
      [
        ...(phone === undefined
          ? []
          : [isPhoneWhole ? sql`number = ${phone}` : sql`number LIKE ${begins(phone)}`]),
        ...(phoneTail === undefined ? [] : [sql`reverse(number) LIKE ${ends(phoneTail)}`]),
      ].map((where) => sql`SELECT person_id AS id FROM person_phone WHERE ${where}`),
    );
}

/** The same, or whether they have a home that the text names, of these sites. */
export function isPersonOrTheirHome(terms: SearchTerms, sites: Sites): RawBuilder<boolean> {
  if (terms.roomLabel === undefined && terms.roomNumber === undefined) return isPerson(terms);
  return sql<boolean>`person.id IN (${sql.join(
    [...peopleParts(terms), homes(terms, sites)],
    sql` UNION ALL `,
  )})`;
}

function homes(terms: SearchTerms, sites: Sites): RawBuilder<unknown> {
  return sql`SELECT occupancy.person_id AS id FROM occupancy JOIN room ON room.id = occupancy.room_id
    WHERE ${isRoom(terms)} AND ${inSites(sql`room.estate_id`, sites)}`;
}

/** Whether the row `room` is one of those. */
export function isRoom({ roomLabel, roomNumber }: SearchTerms): RawBuilder<boolean> {
  if (roomLabel !== undefined) return sql<boolean>`room.label LIKE ${begins(roomLabel)}`;
  if (roomNumber === undefined) return sql<boolean>`false`;
  return sql<boolean>`reverse(room.number) LIKE ${ends(roomNumber)}`;
}

/** Of the sites of whoever asks; whose homes all lie elsewhere, or did, is not found. */
export function peopleById(scope: Scope, db: Db, ids: readonly string[], now: Date) {
  return inScope(db, scope, 'person')
    .leftJoinLateral(
      (row) =>
        row
          .selectFrom('occupancy')
          .innerJoin('room', 'room.id', 'occupancy.roomId')
          .innerJoin('estate', 'estate.id', 'room.estateId')
          .whereRef('occupancy.personId', '=', 'person.id')
          .where((where) =>
            where.or([
              where('occupancy.validTo', 'is', null),
              where('occupancy.validTo', '>=', dayIn(now, sql.ref('estate.time_zone'))),
            ]),
          )
          .distinct()
          .select(['room.id as roomId', 'room.label', 'room.estateId'])
          .select(['estate.name as estateName', 'estate.nameEn as estateNameEn'])
          .as('home'),
      (join) => join.onTrue(),
    )
    .where('person.id', 'in', ids)
    .select([
      'person.id as personId',
      'person.name',
      'person.isVip',
      'person.flags',
      'home.roomId',
      'home.label',
      'home.estateId',
      'home.estateName',
      'home.estateNameEn',
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
    .orderBy('home.label');
}

export function roomsBy(scope: Scope, db: Db, { roomLabel, roomNumber }: SearchTerms, now: Date) {
  if (roomLabel === undefined && roomNumber === undefined) return undefined;
  const found = inScope(db, scope, 'room')
    .innerJoin('estate', 'estate.id', 'room.estateId')
    .$if(roomLabel !== undefined, (query) =>
      query.where('room.label', 'like', begins(roomLabel ?? '')),
    )
    .$if(roomLabel === undefined, (query) =>
      query.where(sql<boolean>`(reverse(room.number) LIKE ${ends(roomNumber ?? '')})`),
    )
    .orderBy(sql`room.number = ${roomNumber ?? ''}`, 'desc')
    .orderBy('room.label')
    .limit(searchLimit)
    .select([
      'room.id as roomId',
      'room.label',
      'room.estateId',
      'estate.name as estateName',
      'estate.nameEn as estateNameEn',
      'estate.timeZone',
    ]);
  return db
    .selectFrom(found.as('found'))
    .leftJoin('occupancy', (join) =>
      join
        .onRef('occupancy.roomId', '=', 'found.roomId')
        .on((on) =>
          on.or([
            on('occupancy.validTo', 'is', null),
            on('occupancy.validTo', '>=', dayIn(now, sql.ref('found.time_zone'))),
          ]),
        ),
    )
    .leftJoin('person', 'person.id', 'occupancy.personId')
    .selectAll('found')
    .select(['person.id as personId', 'person.name as personName'])
    .orderBy('found.label')
    .orderBy('person.id');
}

/** Only of late are orders found by their words: no index finds a Chinese word within a text. */
const ordersRead = 5000;

export function ordersBy(scope: Scope, db: Db, { order, orderTail, words }: SearchTerms) {
  if (order === undefined && orderTail === undefined && words === undefined) return undefined;
  const parts = [
    ...(order === undefined
      ? []
      : [sql`SELECT id FROM work_order WHERE number LIKE ${begins(order)}`]),
    ...(orderTail === undefined
      ? []
      : [sql`SELECT id FROM work_order WHERE reverse(number) LIKE ${ends(orderTail)}`]),
    ...(words === undefined
      ? []
      : [
          sql`SELECT id FROM (SELECT id, summary FROM work_order ORDER BY created_at DESC, id DESC
            LIMIT ${ordersRead}) AS late WHERE summary ILIKE ${contains(words)}`,
        ]),
  ];
  return inScope(db, scope, 'workOrder')
    .leftJoin('room', 'room.id', 'workOrder.roomId')
    .where(sql<boolean>`work_order.id IN (${sql.join(parts, sql` UNION ALL `)})`)
    .orderBy('workOrder.createdAt', 'desc')
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

/** What `LIKE` finds wherever it stands. */
export function contains(text: string): string {
  return `%${escaped(text)}%`;
}

export function ends(text: string): string {
  return begins([...text].reverse().join(''));
}

export function begins(text: string): string {
  return `${escaped(text)}%`;
}

function escaped(text: string): string {
  return text.replaceAll(/[\\%_]/g, (char) => `\\${char}`);
}
