/** Lists: at most `limit` items, and where to go on. */
import { Type, type TSchema } from 'typebox';
import { closed } from './fields.ts';

export const pageQuery = {
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
  cursor: Type.Optional(Type.String({ maxLength: 200 })),
};

/** What somebody types above a list; nothing of it has to be well formed. */
export const SearchText = Type.String({ maxLength: 80 });

export const pageOf = <Item extends TSchema>(item: Item) =>
  closed({
    items: Type.Array(item),
    /** Opaque; null at the end. */
    nextCursor: Type.Union([Type.String(), Type.Null()]),
  });
