import { articleStates, articleTopics } from '../../../../../src/contract/codes.ts';
import { PlusOutlined } from '@ant-design/icons';
import { useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import type { ArticleView } from '../../../../../src/contract/articles.ts';
import { List } from '../../../shared/list/list.tsx';
import { Empty, PageHead } from '../../../shared/parts/pieces.tsx';
import type { Columns } from '../../../shared/list/table.tsx';
import { Ago } from '../../../shared/parts/times.tsx';
import { useEstateFilter } from '../../parts/use-estate-filter.ts';
import { useEstateName } from '../../parts/use-estate-name.ts';
import { useName, useText } from '../../../shared/i18n/language.tsx';
import { exact } from '../../../shared/i18n/times.ts';
import { useMay } from '../../../shared/session/session.tsx';
import { ArticleDrawer } from './article-drawer.tsx';
import { ArticleReader } from './article-reader.tsx';
import { ArticleTag } from './article-tags.tsx';
import './articles.css';

/** What callers ask about: agents read it and fax it, the office writes it, supervisors publish it. */
export function ArticlesPage() {
  const t = useText();
  const cache = useQueryClient();
  const estates = useEstateFilter();
  const mayWrite = useMay()('articles.write');
  const [open, setOpen] = useState<ArticleView | 'new'>();
  const close = () => setOpen(undefined);
  const columns = useColumns(setOpen);
  const add = (
    <Button type="primary" icon={<PlusOutlined />} onClick={() => setOpen('new')}>
      {t('article.new')}
    </Button>
  );
  return (
    <main>
      <PageHead title={t('nav.articles')} note={t('article.note')}>
        {mayWrite && add}
      </PageHead>
      <List
        path="/articles"
        name="articles"
        search={t('article.search')}
        filters={[
          ...estates,
          {
            key: 'topic',
            label: t('article.topic'),
            any: t('article.anyTopic'),
            options: articleTopics.map((value) => ({ value, label: t(`articleTopic.${value}`) })),
          },
          ...(mayWrite
            ? [
                {
                  key: 'state' as const,
                  label: t('article.state'),
                  any: t('article.anyState'),
                  options: articleStates.map((value) => ({
                    value,
                    label: t(`articleState.${value}`),
                  })),
                },
              ]
            : []),
        ]}
        columns={columns}
        rowKey="id"
        empty={
          <Empty title={t('article.none')} {...(mayWrite ? { action: add } : {})}>
            {t('article.noneHelp')}
          </Empty>
        }
        onOpen={setOpen}
      />
      {open !== undefined && mayWrite && (
        <ArticleDrawer
          key={open === 'new' ? open : open.id}
          article={open}
          onClose={close}
          onSaved={() => cache.invalidateQueries({ queryKey: ['articles'] })}
        />
      )}
      {open !== undefined && open !== 'new' && !mayWrite && (
        <ArticleReader article={open} onClose={close} />
      )}
    </main>
  );
}

function useColumns(open: (article: ArticleView) => void): Columns<ArticleView> {
  const t = useText();
  const name = useName();
  const estateName = useEstateName();
  const estateOf = ({ estateId }: ArticleView) =>
    estateId === null ? t('article.allEstates') : estateName(estateId);
  return [
    {
      key: 'title',
      title: t('article.title'),
      text: (row) => name(row.title),
      sort: (row) => name(row.title),
      render: (_, row) => (
        <button type="button" className="link strong" onClick={() => open(row)}>
          {name(row.title)}
        </button>
      ),
    },
    {
      key: 'topic',
      title: t('article.topic'),
      width: 200,
      small: 'bare',
      text: (row) => t(`articleTopic.${row.topic}`),
      sort: (row) => t(`articleTopic.${row.topic}`),
      render: (_, row) => t(`articleTopic.${row.topic}`),
    },
    {
      key: 'estate',
      title: t('article.estate'),
      width: 150,
      text: estateOf,
      sort: estateOf,
      small: 'bare',
      render: (_, row) => estateOf(row),
    },
    {
      key: 'state',
      title: t('article.state'),
      width: 120,
      text: (row) => t(`articleState.${row.state}`),
      sort: (row) => t(`articleState.${row.state}`),
      small: 'beside',
      render: (_, row) => <ArticleTag state={row.state} />,
    },
    {
      key: 'updatedAt',
      title: t('article.updatedAt'),
      width: 130,
      text: (row) => exact(new Date(row.updatedAt)),
      sort: (row) => row.updatedAt,
      render: (_, row) => <Ago at={row.updatedAt} />,
    },
  ];
}
