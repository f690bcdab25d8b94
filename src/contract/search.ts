/** `GET /api/v1/search?q=`: whatever an agent has in hand: a name, initials, a room, a number, an order. */
import { Type, type Static } from 'typebox';
import { Instant, Localised, nullable, PhoneNumber, Uuid, closed } from './fields.ts';

export const FoundPerson = closed({
  personId: Uuid,
  name: Type.String(),
  isVip: Type.Boolean(),
  flags: Type.Array(Type.String()),
  numbers: Type.Array(PhoneNumber),
  homes: Type.Array(
    closed({ roomId: Uuid, label: Type.String(), estateId: Uuid, estateName: Localised }),
  ),
});
export type FoundPerson = Static<typeof FoundPerson>;

export const FoundRoom = closed({
  roomId: Uuid,
  label: Type.String(),
  estateId: Uuid,
  estateName: Localised,
  residents: Type.Array(closed({ personId: Uuid, name: Type.String() })),
});
export type FoundRoom = Static<typeof FoundRoom>;

export const FoundOrder = closed({
  number: Type.String(),
  kind: Type.String(),
  category: Type.String(),
  state: Type.String(),
  summary: Type.String(),
  roomLabel: nullable(Type.String()),
  createdAt: Instant,
});
export type FoundOrder = Static<typeof FoundOrder>;

/** At most 20 of each kind; the likeliest first. */
export const SearchResult = closed({
  people: Type.Array(FoundPerson),
  rooms: Type.Array(FoundRoom),
  orders: Type.Array(FoundOrder),
});
export type SearchResult = Static<typeof SearchResult>;
