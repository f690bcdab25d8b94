import { sql } from 'kysely';
import {
  inScope,
  type ArticleRow,
  type ArticleState,
  type ArticleTopic,
  type Db,
  type Readable,
  type Scope,
} from '../../db/index.ts';
import { ArticleNotFoundError } from '../content.errors.ts';

/** As many as a caller listens to of one topic. */
const mostSpoken = 20;

export interface ArticleFilter {
  topic?: ArticleTopic | undefined;
  /** One estate's own, or those for all with null. */
  estateId?: string | null | undefined;
  state?: ArticleState | undefined;
  /** Anywhere in a title or text, in either language. */
  q?: string | undefined;
}

/** Those for all estates and for those in the scope, newest first; `before` is the last id of the page before. */
export function articlesPage(
  scope: Scope,
  db: Readable,
  { topic, estateId, state, q }: ArticleFilter,
  limit: number,
  before: string | undefined,
): Promise<ArticleRow[]> {
  let rows = inScope(db, scope, 'article').selectAll().orderBy('id', 'desc').limit(limit);
  if (before !== undefined) rows = rows.where('id', '<', before);
  if (topic !== undefined) rows = rows.where('topic', '=', topic);
  if (state !== undefined) rows = rows.where('state', '=', state);
  if (estateId === null) rows = rows.where('estateId', 'is', null);
  else if (estateId !== undefined) rows = rows.where('estateId', '=', estateId);
  const words = q?.trim() ?? '';
  if (words === '') return rows.execute();
  const pattern = `%${words.replaceAll(/[\\%_]/g, (one) => `\\${one}`)}%`;
  return rows
    .where((where) =>
      where.or(
        (['title', 'body', 'titleEn', 'bodyEn'] as const).map((column) =>
          where(column, 'ilike', pattern),
        ),
      ),
    )
    .execute();
}

/** Throws `article.not_found`, also for those of other sites. */
export async function articleOf(scope: Scope, db: Readable, id: string): Promise<ArticleRow> {
  const row = await inScope(db, scope, 'article')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirst();
  if (row === undefined) throw new ArticleNotFoundError();
  return row;
}

/** Ids of what a caller of that estate may hear on a topic: its own first, newest first. */
export async function articlesToHear(
  db: Db,
  { topic, estateId }: { topic: ArticleTopic; estateId: string },
): Promise<string[]> {
  const rows = await db
    .selectFrom('article')
    .select('id')
    .where('state', '=', 'published')
    .where('topic', '=', topic)
    .where((where) => where.or([where('estateId', 'is', null), where('estateId', '=', estateId)]))
    .orderBy(sql`estate_id IS NULL`)
    .orderBy('publishedAt', 'desc')
    .orderBy('id', 'desc')
    .limit(mostSpoken)
    .execute();
  return rows.map(({ id }) => id);
}

/** Undefined once it is withdrawn. */
export function publishedArticle(db: Db, id: string): Promise<ArticleRow | undefined> {
  return db
    .selectFrom('article')
    .selectAll()
    .where('id', '=', id)
    .where('state', '=', 'published')
    .executeTakeFirst();
}

/** All that callers may hear, the latest first. */
export function publishedArticles(db: Db): Promise<ArticleRow[]> {
  return db
    .selectFrom('article')
    .selectAll()
    .where('state', '=', 'published')
    .orderBy('publishedAt', 'desc')
    .limit(500)
    .execute();
}
