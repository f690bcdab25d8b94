import { api } from './client.ts';
import type { SearchResult } from '../../../src/contract/search.ts';
import type { LocalisedName } from './types.ts';

/** Something that a search found: where to go, or whom to tie a call to. */
export interface Hit {
  key: string;
  kind: 'person' | 'room' | 'order';
  /** Of a person or a room; the number of an order. */
  id: string;
  personId: string | null;
  roomId: string | null;
  title: string;
  note: string;
  number: string;
  isVip: boolean;
}

export async function findAnything(
  q: string,
  name: (name: LocalisedName) => string,
): Promise<Hit[]> {
  return hitsOf(await api.get('/search', { query: { q } }), name);
}

/** One flat list, as it is walked by the arrow keys. Pure. */
export function hitsOf(found: SearchResult, name: (name: LocalisedName) => string): Hit[] {
  return [
    ...found.orders.map<Hit>((order) => ({
      key: `order:${order.number}`,
      kind: 'order',
      id: order.number,
      personId: null,
      roomId: null,
      title: order.number,
      note: [order.roomLabel ?? '', order.summary].join(' ').trim(),
      number: '',
      isVip: false,
    })),
    ...found.people.map<Hit>((person) => ({
      key: `person:${person.personId}`,
      kind: 'person',
      id: person.personId,
      personId: person.personId,
      // Several homes are for the caller to tell apart.
      roomId: person.homes.length === 1 ? (person.homes[0]?.roomId ?? null) : null,
      title: person.name,
      note: person.homes.map((home) => `${name(home.estateName)} ${home.label}`).join('、'),
      number: person.numbers[0] ?? '',
      isVip: person.isVip,
    })),
    ...found.rooms.flatMap((room) =>
      room.residents.map<Hit>((resident) => ({
        key: `room:${room.roomId}:${resident.personId}`,
        kind: 'room',
        id: resident.personId,
        personId: resident.personId,
        roomId: room.roomId,
        title: `${name(room.estateName)} ${room.label}`,
        note: resident.name,
        number: '',
        isVip: false,
      })),
    ),
  ];
}
