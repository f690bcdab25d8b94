import type { Generated, Selectable } from 'kysely';
import type { OptionalTime, Time } from './columns.ts';

export interface ContentTables {
  article: ArticleTable;
}

/** What callers ask about (业务咨询). */
export type ArticleTopic =
  | 'estate_profile'
  | 'company'
  | 'decoration'
  | 'policy'
  | 'buying_guide'
  | 'daily_life'
  | 'how_to'
  | 'street'
  | 'service_centre'
  | 'rules';
export type ArticleState = 'draft' | 'published' | 'withdrawn';

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
