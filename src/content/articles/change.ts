import { mustChange } from '../../core/changes.ts';
import type { Clock } from '../../core/clock.ts';
import { newId } from '../../core/ids.ts';
import { checkTransition } from '../../core/states.ts';
import { emit, type ArticleRow, type ArticleState, type Db } from '../../db/index.ts';
import {
  ArticleChangedError,
  ArticleEstateError,
  ArticleNotFoundError,
  ArticleWordsError,
} from '../content.errors.ts';
import { articleTransitions } from './topics.ts';

/** What its author decides. */
export type ArticleWords = Pick<
  ArticleRow,
  'estateId' | 'topic' | 'title' | 'body' | 'titleEn' | 'bodyEn'
>;

export interface ArticleChange extends Partial<ArticleWords> {
  id: string;
  /** Of the article as its changer saw it. */
  expectedVersion: number;
}

/** Who changes it; null for the program itself. */
export interface By {
  clock: Clock;
  staffId: string | null;
}

/** A draft. Throws `article.bad_text`, `article.bad_estate`. */
export async function addArticle(db: Db, by: By, words: ArticleWords): Promise<ArticleRow> {
  const now = by.clock.now();
  const checked = checkedWords(words);
  await checkEstate(db, words.estateId);
  return db
    .insertInto('article')
    .values({
      ...{ id: newId(), ...checked, updatedBy: by.staffId },
      ...{ createdAt: now, updatedAt: now },
    })
    .returningAll()
    .executeTakeFirstOrThrow();
}

/**
 * New words; callers hear those of a published one at once. `db` must be a transaction. Throws
 * `article.not_found`, `article.changed`, `article.bad_text`, `article.bad_estate`, `request.unchanged`.
 */
export async function changeArticle(
  db: Db,
  by: By,
  { id, expectedVersion, ...change }: ArticleChange,
): Promise<ArticleRow> {
  const before = await lock(db, id, expectedVersion);
  const { estateId, topic, title, body, titleEn, bodyEn } = { ...before, ...change };
  const words = checkedWords({ estateId, topic, title, body, titleEn, bodyEn });
  mustChange(before, words);
  if (estateId !== before.estateId) await checkEstate(db, estateId);
  const after = await write(db, by, before, words);
  if (after.state === 'published') await tellPublished(db, by, after);
  return after;
}

/**
 * Publishes or withdraws. `db` must be a transaction. Throws `article.not_found`, `article.changed`,
 * `article.illegal_transition`.
 */
export async function moveArticle(
  db: Db,
  by: By,
  { id, to, expectedVersion }: { id: string; to: ArticleState; expectedVersion?: number },
): Promise<ArticleRow> {
  const before = await lock(db, id, expectedVersion);
  const state = checkTransition('article', articleTransitions, before.state, to);
  const after = await write(db, by, before, {
    state,
    ...(state === 'published' ? { publishedAt: by.clock.now() } : {}),
  });
  if (state === 'published') await tellPublished(db, by, after);
  else {
    const payload = { articleId: id, version: after.version };
    await emit(db, 'article.withdrawn', payload, by.clock.now());
  }
  return after;
}

async function tellPublished(db: Db, { clock }: By, { id, version }: ArticleRow): Promise<void> {
  await emit(db, 'article.published', { articleId: id, version }, clock.now());
}

async function lock(db: Db, id: string, expected: number | undefined): Promise<ArticleRow> {
  const row = await db
    .selectFrom('article')
    .selectAll()
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst();
  if (row === undefined) throw new ArticleNotFoundError();
  if (expected !== undefined && expected !== row.version) {
    throw new ArticleChangedError(row.version);
  }
  return row;
}

function write(
  db: Db,
  { clock, staffId }: By,
  { id, version }: ArticleRow,
  change: Partial<Pick<ArticleRow, 'state' | 'publishedAt'> & ArticleWords>,
): Promise<ArticleRow> {
  return db
    .updateTable('article')
    .set({ ...change, version: version + 1, updatedBy: staffId, updatedAt: clock.now() })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow();
}

function checkedWords(words: ArticleWords): ArticleWords {
  const trimmed = {
    title: words.title.trim(),
    body: words.body.trim(),
    titleEn: words.titleEn.trim(),
    bodyEn: words.bodyEn.trim(),
  };
  const isHalf = (trimmed.titleEn === '') !== (trimmed.bodyEn === '');
  if (trimmed.title === '' || trimmed.body === '' || isHalf) throw new ArticleWordsError();
  return { ...words, ...trimmed };
}

async function checkEstate(db: Db, estateId: string | null): Promise<void> {
  if (estateId === null) return;
  const known = await db
    .selectFrom('estate')
    .select('id')
    .where('id', '=', estateId)
    .executeTakeFirst();
  if (known === undefined) throw new ArticleEstateError();
}
