import type { ArticleView } from '../../../../../src/contract/articles.ts';
import { useName, useText } from '../../../shared/i18n/language.tsx';
import { Drawer } from '../../../shared/parts/drawer.tsx';
import { FaxArticle } from './fax-article.tsx';

/** For whoever tells a caller about it: the words, and the way to a fax machine. */
export function ArticleReader({ article, onClose }: { article: ArticleView; onClose: () => void }) {
  const t = useText();
  const name = useName();
  return (
    <Drawer onClose={onClose} title={name(article.title)}>
      <div className="stack">
        <span className="quiet">{t(`articleTopic.${article.topic}`)}</span>
        <p className="article-body">{name(article.body)}</p>
        <FaxArticle article={article} />
      </div>
    </Drawer>
  );
}
