/** What the table of routes says of each request and its answer, as types; nothing of it is in the bundle. */
import type { Static, TSchema } from 'typebox';
import type { Method } from '../../../src/contract/route.ts';
import type { RouteKey, Routes } from '../../../src/contract/routes.ts';

/** `/calls/:id/hold` of `POST /calls/:id/hold`. */
export type PathOf<Verb extends Method> = {
  [Key in RouteKey]: Key extends `${Verb} ${infer Path}` ? Path : never;
}[RouteKey];

export type KeyOf<Verb extends Method, Path extends PathOf<Verb>> = Extract<
  `${Verb} ${Path}`,
  RouteKey
>;

type NamesIn<Path> = Path extends `${string}:${infer Name}/${infer Rest}`
  ? Name | NamesIn<`/${Rest}`>
  : Path extends `${string}:${infer Name}`
    ? Name
    : never;

/** What may be left out may be undefined: it is not sent then. */
type Loose<T> = {
  [Name in keyof T]: undefined extends T[Name] ? T[Name] | undefined : T[Name];
};

type Schema<Key extends RouteKey, Part extends string> =
  Routes[Key] extends Readonly<Record<Part, infer Found extends TSchema>> ? Found : never;

type Query<T> = {
  [Name in keyof T]: T[Name] | (object extends Pick<T, Name> ? null | undefined : never);
};

type ParamsPart<Key> = [NamesIn<Key>] extends [never]
  ? object
  : { params: Readonly<Record<NamesIn<Key>, string | number>> };

type QueryPart<Key extends RouteKey> = [Schema<Key, 'query'>] extends [never]
  ? object
  : object extends Static<Schema<Key, 'query'>>
    ? { query?: Query<Static<Schema<Key, 'query'>>> }
    : { query: Query<Static<Schema<Key, 'query'>>> };

export type BodyOf<Key extends RouteKey> = Loose<Static<Schema<Key, 'body'>>>;

type BodyPart<Key extends RouteKey> = [Schema<Key, 'body'>] extends [never]
  ? object
  : Routes[Key] extends { isBodyOptional: true }
    ? { body?: BodyOf<Key> }
    : { body: BodyOf<Key> };

type KeyPart<Key> = Key extends `POST ${string}` ? { key?: string } : object;

export type RequestOf<Key extends RouteKey> = ParamsPart<Key> &
  QueryPart<Key> &
  BodyPart<Key> &
  KeyPart<Key>;

/** Nothing has to be given where nothing is asked for. */
export type Given<Key extends RouteKey> =
  object extends RequestOf<Key> ? [request?: RequestOf<Key>] : [request: RequestOf<Key>];

type Good = 200 | 201 | 202 | 204;

/** What a request that worked is answered with. */
export type AnswerOf<Key extends RouteKey> = {
  [
    Status in keyof Routes[Key]['responses'] & Good
  ]: Routes[Key]['responses'][Status] extends infer Found extends TSchema ? Static<Found> : never;
}[keyof Routes[Key]['responses'] & Good];

/** Routes that answer lists. */
export type ListPath = {
  [Path in PathOf<'GET'>]: AnswerOf<KeyOf<'GET', Path>> extends { items: object[] } ? Path : never;
}[PathOf<'GET'>];

/** What stands in such a list. */
export type ItemOf<Path extends ListPath> =
  AnswerOf<KeyOf<'GET', Path>> extends { items: (infer Item extends object)[] } ? Item : never;

/** Routes that answer lists page by page. */
export type PagedPath = {
  [Path in ListPath]: Static<Schema<KeyOf<'GET', Path>, 'query'>> extends { cursor?: string }
    ? Path
    : never;
}[ListPath];

/** What a list is narrowed by; the page is asked for by whoever shows it. */
export type FilterOf<Path extends PagedPath> = Partial<
  Query<Omit<Static<Schema<KeyOf<'GET', Path>, 'query'>>, 'cursor' | 'limit'>>
>;

/** What the parameters of a path are. */
export type ParamsOf<Path extends string> = Readonly<Record<NamesIn<Path>, string | number>>;
