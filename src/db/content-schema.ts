import type { Generated, Selectable } from 'kysely';
import type { OptionalTime, Time } from './columns.ts';
import type { ArticleState, ArticleTopic } from '../contract/codes.ts';

export type { ArticleState, ArticleTopic } from '../contract/codes.ts';

export interface ContentTables {
  article: ArticleTable;
}

/** What callers ask about (业务咨询). */

interface ArticleTable {
  id: string;
  /** Null for all estates. */
  estateId: string | null;
  topic: ArticleTopic;
  title: string;
  body: string;
  /** Empty together with `bodyEn`. */
  titleEn: string;
  bodyEn: string;
  state: Generated<ArticleState>;
  /** Grows with each change. */
  version: Generated<number>;
  publishedAt: OptionalTime;
  updatedBy: string | null;
  createdAt: Time;
  updatedAt: Time;
}
export type ArticleRow = Selectable<ArticleTable>;
