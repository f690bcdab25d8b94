import type { Generated, Selectable } from 'kysely';
import type { ArticleState, ArticleTopic } from '../../contract/codes.ts';
import type { CreatedAt, Json, OptionalTime, Time } from './columns.ts';

/** What callers hear and ask about. */
export interface ContentTables {
  article: ArticleTable;
  flow: FlowTable;
  flowVersion: FlowVersionTable;
}

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

interface FlowTable {
  id: string;
  name: string;
  /** The version that new calls run; null until one is published. */
  liveVersion: number | null;
  createdAt: CreatedAt;
}

interface FlowVersionTable {
  flowId: string;
  version: number;
  /** A flow definition as `content/flows` validates it. */
  definition: Json<unknown>;
  /** SHA-256 of the canonical JSON. */
  checksum: string;
  /** Null for those that came with the program. */
  authorId: string | null;
  note: Generated<string>;
  createdAt: CreatedAt;
}

export type ArticleRow = Selectable<ArticleTable>;
