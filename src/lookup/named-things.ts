/** What a text above a list names: each meaning is found by an index, and bounded. */
import { sql, type RawBuilder } from 'kysely';
import { inScope, narrowedBy, type Readable, type Scope } from '../db/index.ts';
import { begins, contains, ends, isPerson, isRoom } from './search-queries.ts';
import { searchTerms, type SearchTerms } from './search-terms.ts';

/** More people or homes than this are named by no text that somebody is looking for one with. */
const mostNamed = 500;
/** Of the latest orders alone their words are read: no index finds a Chinese word within a text. */
const ordersRead = 5000;
/** Shorter beginnings of a number are those of half a city. */
const shortestBeginning = 7;

export interface Asked {
  /** As it was typed. */
  q: string;
  /** Whoever sees masked numbers finds a whole number or its last four digits, and no other part of one. */
  seesNumbers: boolean;
}

export interface Named {
  terms: SearchTerms;
  /** The text itself, where it is an id. */
  id: string | undefined;
  personIds: string[];
  roomIds: string[];
}

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Terms that name few: a surname or one letter names everybody. */
export function narrowTerms({ q, seesNumbers }: Asked): SearchTerms {
  const terms = searchTerms(q, seesNumbers);
  const { name, pinyin, phone, isPhoneWhole } = terms;
  return {
    ...terms,
    name: name !== undefined && [...name].length > 1 ? name : undefined,
    pinyin: pinyin?.every((one) => one.length > 1) === true ? pinyin : undefined,
    phone: isPhoneWhole || (phone?.length ?? 0) >= shortestBeginning ? phone : undefined,
  };
}

export async function namedBy(scope: Scope, db: Readable, asked: Asked): Promise<Named> {
  const id = asked.q.trim().toLowerCase();
  const terms = narrowTerms(asked);
  const [people, rooms] = await Promise.all([
    inScope(db, scope, 'person').select('id').where(isPerson(terms)).limit(mostNamed).execute(),
    inScope(db, scope, 'room').select('id').where(isRoom(terms)).limit(mostNamed).execute(),
  ]);
  return {
    terms,
    id: uuid.test(id) ? id : undefined,
    personIds: people.map((one) => one.id),
    roomIds: rooms.map((one) => one.id),
  };
}

/** Which rows of `work_order` a text means: by number, home, person, contact, call, or words of late. */
export async function ordersNamed(
  scope: Scope,
  db: Readable,
  asked: Asked,
): Promise<RawBuilder<boolean>> {
  const named = await namedBy(scope, db, asked);
  const { words } = named.terms;
  const late =
    words === undefined
      ? []
      : await narrowedBy(scope, db)
          .selectFrom(
            inScope(db, scope, 'workOrder')
              .select(['id', 'summary'])
              .orderBy('id', 'desc')
              .limit(ordersRead)
              .as('late'),
          )
          .select('late.id')
          .where('late.summary', 'ilike', contains(words))
          .execute();
  return anyOf([
    ...ofOrderNumber(named.terms),
    ...ofNumber(sql`work_order.contact_number`, named.terms),
    ...among(sql`work_order.person_id`, named.personIds),
    ...among(sql`work_order.room_id`, named.roomIds),
    ...among(
      sql`work_order.id`,
      late.map((one) => one.id),
    ),
    ...(named.id === undefined
      ? []
      : [
          sql<boolean>`work_order.call_id = ${named.id}`,
          sql<boolean>`work_order.id = ${named.id}`,
        ]),
  ]);
}

/** Which rows of `call` a text means: by number, person, home, call id, or an order that came of it. */
export async function callsNamed(
  scope: Scope,
  db: Readable,
  asked: Asked,
): Promise<RawBuilder<boolean>> {
  const named = await namedBy(scope, db, asked);
  const { personIds, roomIds } = named;
  const residents = roomIds.length === 0 ? [] : await residentsOf(scope, db, roomIds);
  const numbered = ofOrderNumber(named.terms);
  const orders =
    numbered.length === 0 && roomIds.length === 0
      ? []
      : await inScope(db, scope, 'workOrder')
          .select('callId')
          .where(anyOf([...numbered, ...among(sql`work_order.room_id`, roomIds)]))
          .where('callId', 'is not', null)
          .orderBy('id', 'desc')
          .limit(mostNamed)
          .execute();
  const callIds = orders.flatMap(({ callId }) => (callId === null ? [] : [callId]));
  return anyOf([
    ...ofNumber(sql`call.caller_number`, named.terms),
    ...among(sql`call.person_id`, personIds),
    // Of those who have several homes, calls about another one are not meant.
    ...among(sql`call.person_id`, residents).map(
      (isTheirs) => sql<boolean>`(${isTheirs}
        AND (call.room_id IS NULL OR call.room_id = ANY(${roomIds}::uuid[])))`,
    ),
    ...among(sql`call.id`, named.id === undefined ? callIds : [...callIds, named.id]),
  ]);
}

async function residentsOf(
  scope: Scope,
  db: Readable,
  roomIds: readonly string[],
): Promise<string[]> {
  const rows = await narrowedBy(scope, db)
    .selectFrom('occupancy')
    .select('personId')
    .where('roomId', 'in', roomIds)
    .limit(mostNamed)
    .execute();
  return rows.map((one) => one.personId);
}

export function ofOrderNumber({ order, orderTail }: SearchTerms): RawBuilder<boolean>[] {
  return [
    ...(order === undefined ? [] : [sql<boolean>`work_order.number LIKE ${begins(order)}`]),
    ...(orderTail === undefined
      ? []
      : [sql<boolean>`reverse(work_order.number) LIKE ${ends(orderTail)}`]),
  ];
}

export function ofNumber(
  column: RawBuilder<unknown>,
  { phone, isPhoneWhole, phoneTail }: SearchTerms,
): RawBuilder<boolean>[] {
  return [
    ...(phone === undefined
      ? []
      : [
          isPhoneWhole
            ? sql<boolean>`${column} = ${phone}`
            : sql<boolean>`${column} LIKE ${begins(phone)}`,
        ]),
    ...(phoneTail === undefined ? [] : [sql<boolean>`reverse(${column}) LIKE ${ends(phoneTail)}`]),
  ];
}

export function among(column: RawBuilder<unknown>, ids: readonly string[]): RawBuilder<boolean>[] {
  return ids.length === 0 ? [] : [sql<boolean>`${column} = ANY(${[...ids]}::uuid[])`];
}

export function anyOf(parts: readonly RawBuilder<boolean>[]): RawBuilder<boolean> {
  return parts.length === 0 ? sql<boolean>`false` : sql<boolean>`(${sql.join(parts, sql` OR `)})`;
}
