import type { FoundPerson, FoundRoom, SearchResult } from '../contract/search.ts';
import type { Clock } from '../core/clock.ts';
import { narrowedBy, type Db, type Readable, type Scope } from '../db/index.ts';
import { ordersBy, peopleBy, peopleById, roomsBy, searchLimit } from './search-queries.ts';
import { searchTerms } from './search-terms.ts';

/** People, rooms and orders in the scope. Numbers in the answer are whole. */
export async function search(
  scope: Scope,
  given: Readable,
  clock: Clock,
  text: string,
  { seesNumbers }: { seesNumbers: boolean },
): Promise<SearchResult> {
  const db = narrowedBy(scope, given);
  const terms = searchTerms(text, seesNumbers);
  const now = clock.now();
  const [people, rooms, orders] = await Promise.all([
    peopleFound(scope, db, (await peopleBy(terms)?.execute(db))?.rows ?? [], now),
    roomsBy(scope, db, terms, now)?.execute() ?? [],
    ordersBy(scope, db, terms)?.execute() ?? [],
  ]);
  return {
    people,
    rooms: grouped(rooms),
    orders: orders.map(({ createdAt, ...one }) => ({ ...one, createdAt: createdAt.toISOString() })),
  };
}

async function peopleFound(
  scope: Scope,
  db: Db,
  found: readonly { id: string }[],
  now: Date,
): Promise<FoundPerson[]> {
  if (found.length === 0) return [];
  const ids = found.map(({ id }) => id);
  const people = new Map<string, FoundPerson>();
  for (const row of await peopleById(scope, db, ids, now).execute()) {
    const { personId, name, isVip, flags, roomId, label, estateId } = row;
    const person = people.get(personId) ?? {
      personId,
      name,
      isVip,
      flags,
      numbers: row.numbers ?? [],
      homes: [],
    };
    people.set(personId, person);
    if (roomId === null || label === null || estateId === null) continue;
    const estateName = { 'zh-CN': row.estateName ?? '', en: row.estateNameEn ?? '' };
    person.homes.push({ roomId, label, estateId, estateName });
  }
  return [...people.values()]
    .filter(({ homes }) => isWithin(homes, scope))
    .map((one) => ({ ...one, homes: one.homes.filter((home) => scope.sees(home.estateId)) }));
}

/** People without any home belong to no site, and everybody may find them. */
function isWithin(homes: FoundPerson['homes'], scope: Scope): boolean {
  return homes.length === 0 || homes.some((home) => scope.sees(home.estateId));
}

type RoomRow = Awaited<ReturnType<NonNullable<ReturnType<typeof roomsBy>>['execute']>>[number];

function grouped(rows: readonly RoomRow[]): FoundRoom[] {
  const rooms = new Map<string, FoundRoom>();
  for (const { roomId, label, estateId, estateName, estateNameEn, personId, personName } of rows) {
    const room = rooms.get(roomId) ?? {
      roomId,
      label,
      estateId,
      estateName: { 'zh-CN': estateName, en: estateNameEn },
      residents: [],
    };
    rooms.set(roomId, room);
    if (personId !== null && personName !== null) {
      room.residents.push({ personId, name: personName });
    }
  }
  return [...rooms.values()].slice(0, searchLimit);
}
