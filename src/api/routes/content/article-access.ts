import { ArticleNotFoundError, articleOf } from '../../../content/index.ts';
import { Scope, type ArticleRow, type Readable } from '../../../db/index.ts';
import { can, type Member } from '../../../organisation/index.ts';

/** Throws `article.not_found`, also for a draft that is not theirs to see. */
export async function readable(db: Readable, member: Member, id: string): Promise<ArticleRow> {
  const article = await articleOf(Scope.of(member), db, id);
  if (article.state !== 'published' && !seesDrafts(member)) throw new ArticleNotFoundError();
  return article;
}

export function seesDrafts({ role }: Member): boolean {
  return can(role, 'articles.write');
}
