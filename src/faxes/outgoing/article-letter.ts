import { articleText, publishedArticle } from '../../content/index.ts';
import type { Db } from '../../db/index.ts';
import type { FaxSending } from '../../db/schema.ts';
import { localDay } from '../../property/index.ts';
import { note, type Letter } from '../format/letter.ts';

/** The page of an article as it stands now; undefined once it is withdrawn. */
export async function articleLetter(
  db: Db,
  now: Date,
  { articleId, language: wanted, did }: FaxSending,
): Promise<Letter | undefined> {
  if (articleId === null) return undefined;
  const article = await publishedArticle(db, articleId);
  if (article === undefined) return undefined;
  const { language, title, body } = articleText(article, wanted);
  const hotline = await db
    .selectFrom('hotline')
    .innerJoin('estate', 'estate.id', 'hotline.estateId')
    .select(['estate.name', 'estate.nameEn', 'estate.timeZone'])
    .where('hotline.did', '=', did)
    .executeTakeFirst();
  const ask =
    language === 'en'
      ? `Questions? Please call the hotline ${did}.`
      : `如有疑问，请拨打服务热线${did}。`;
  return note({
    ...{ language, title },
    body: hotline === undefined ? body : `${body}\n\n${ask}`,
    day: localDay(now, hotline?.timeZone ?? 'Asia/Shanghai'),
    footer: (language === 'en' ? hotline?.nameEn : hotline?.name) ?? '',
  });
}
