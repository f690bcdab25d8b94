/** Information for callers: read aloud on the telephone, faxed, texted. */
import { Type, type Static } from 'typebox';
import { articleStates, articleTopics } from './codes.ts';
import { Instant, LanguageCode, nullable, Uuid, closed, oneOf } from './fields.ts';
import { pageOf, pageQuery, SearchText } from './pages.ts';

export const ArticleTopicCode = oneOf(articleTopics);
export type ArticleTopicCode = Static<typeof ArticleTopicCode>;
export const ArticleStateCode = oneOf(articleStates);

/** English is empty when callers who speak it get the Chinese words. */
const Title = closed({
  'zh-CN': Type.String({ minLength: 1, maxLength: 120 }),
  en: Type.String({ maxLength: 200 }),
});
const Body = closed({
  'zh-CN': Type.String({ minLength: 1, maxLength: 3000 }),
  en: Type.String({ maxLength: 6000 }),
});

export const ArticleView = closed({
  id: Uuid,
  /** Null for all estates. */
  estateId: nullable(Uuid),
  topic: ArticleTopicCode,
  title: Title,
  body: Body,
  state: ArticleStateCode,
  /** Grows with each change. */
  version: Type.Integer(),
  /** When it last became public. */
  publishedAt: nullable(Instant),
  /** Null for what came with the program. */
  updatedBy: nullable(Uuid),
  createdAt: Instant,
  updatedAt: Instant,
});
export type ArticleView = Static<typeof ArticleView>;
export const ArticlePage = pageOf(ArticleView);
export const ArticleQuery = closed({
  ...pageQuery,
  topic: Type.Optional(ArticleTopicCode),
  /** `all` for those of no estate in particular. */
  estateId: Type.Optional(Type.Union([Uuid, Type.Literal('all')])),
  state: Type.Optional(ArticleStateCode),
  /** Anywhere in a title or text. */
  q: Type.Optional(SearchText),
});

export const NewArticle = closed({
  estateId: nullable(Uuid),
  topic: ArticleTopicCode,
  title: Title,
  body: Body,
});
export type NewArticle = Static<typeof NewArticle>;
export const ArticlePatch = closed({
  /** Of the article as you read it; another one by now is answered `article.changed`. */
  expectedVersion: Type.Integer({ minimum: 1 }),
  estateId: Type.Optional(nullable(Uuid)),
  topic: Type.Optional(ArticleTopicCode),
  title: Type.Optional(Title),
  body: Type.Optional(Body),
});
export const ArticleMove = closed({ expectedVersion: Type.Optional(Type.Integer({ minimum: 1 })) });
export const ArticleFaxRequest = closed({
  /** Of the machine, as it is dialled. */
  number: Type.String({ pattern: '^\\+?[0-9]{3,20}$' }),
  language: LanguageCode,
});
