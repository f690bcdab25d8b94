/** Building blocks of the API's shapes. The web imports the types of this folder and nothing else. */
import { Type, type TObjectOptions, type TProperties } from 'typebox';

export const Uuid = Type.String({ format: 'uuid' });
/** RFC 3339 in UTC, e.g. `2026-11-24T02:00:00.000Z`. */
export const Instant = Type.String({ format: 'date-time' });
/** One of a list of codes.ts. */
export function oneOf<const List extends readonly string[]>(list: List) {
  return Type.Unsafe<List[number]>(Type.Union(list.map((one) => Type.Literal(one))));
}
export const LanguageCode = Type.Union([Type.Literal('zh-CN'), Type.Literal('en')]);
/** A name or text in both languages. */
export const Localised = closed({ 'zh-CN': Type.String(), en: Type.String() });
/** The same, as staff enter it. */
const NewName = Type.String({ minLength: 1, maxLength: 200 });
export const NewLocalised = closed({ 'zh-CN': NewName, en: NewName });
/** Mobiles without 86, landlines with 0, abroad with 00; masked (`138****0001`) unless the role may see it. */
export const PhoneNumber = Type.String({ minLength: 1, maxLength: 32 });
/** As somebody writes it, also `+86 138-0000-0001` or `010-88886666 转801`; kept in one form. */
export const WrittenNumber = Type.String({ minLength: 1, maxLength: 80 });
/** A mail address or a fax number; masked like a number unless the role may see it. */
export const Address = Type.String({ minLength: 3, maxLength: 254 });
export const Fen = Type.Integer({ minimum: 0 });
export const nullable = <T extends Parameters<typeof Type.Union>[0][number]>(type: T) =>
  Type.Union([type, Type.Null()]);

/** A closed object: what is not named here is neither taken nor sent. */
export function closed<Properties extends TProperties>(
  properties: Properties,
  options: TObjectOptions = {},
) {
  return Type.Object(properties, { ...options, additionalProperties: false });
}

/** What an act answers that is shown elsewhere: on the desk, on the wall. */
export const Done = closed({ ok: Type.Literal(true) });
export const IdParams = closed({ id: Uuid });
/** A file as it is, not JSON. */
export const Binary = Type.Unsafe<object>({ type: 'string', format: 'binary' });
/** Whatever JSON can hold; only where the shape is somebody else's. */
export const AnyJson = Type.Unknown();
