import { PlusOutlined, SearchOutlined } from '@ant-design/icons';
import { useQueryClient } from '@tanstack/react-query';
import { Button, Input, Select } from 'antd';
import { useDeferredValue, useState } from 'react';
import type { ArticleView } from '../../../../../src/contract/articles.ts';
import { PagedTable } from '../../../shared/parts/paged-table.tsx';
import { Empty, PageHead } from '../../../shared/parts/pieces.tsx';
import type { Columns } from '../../../shared/parts/rows-table.tsx';
import { Ago } from '../../../shared/parts/times.tsx';
import { useEstateName } from '../../parts/use-estate-name.ts';
import { useName, useText } from '../../../shared/i18n/language.tsx';
import { useStaff } from '../../../shared/session/session.tsx';
import { ArticleDrawer } from './article-drawer.tsx';
import { ArticleReader } from './article-reader.tsx';
import { ArticleTag, states, topics } from './article-tags.tsx';
import './articles.css';

/** What callers ask about: agents read it and fax it, the office writes it, supervisors publish it. */
export function ArticlesPage() {
  const t = useText();
  const cache = useQueryClient();
  const { role } = useStaff();
  const mayWrite = role !== 'agent';
  const [topic, setTopic] = useState<ArticleView['topic']>();
  const [state, setState] = useState<ArticleView['state']>();
  const [text, setText] = useState('');
  const q = useDeferredValue(text.trim());
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
        <Input
          allowClear
          prefix={<SearchOutlined />}
          className="wide-filter"
          placeholder={t('article.search')}
          aria-label={t('article.search')}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <Select
          className="filter"
          allowClear
          placeholder={t('article.anyTopic')}
          aria-label={t('article.topic')}
          value={topic}
          onChange={setTopic}
          options={topics.map((value) => ({ value, label: t(`articleTopic.${value}`) }))}
        />
        {mayWrite && (
          <Select
            className="filter"
            allowClear
            placeholder={t('article.anyState')}
            aria-label={t('article.state')}
            value={state}
            onChange={setState}
            options={states.map((value) => ({ value, label: t(`articleState.${value}`) }))}
          />
        )}
        {mayWrite && add}
      </PageHead>
      <PagedTable
        path="/articles"
        name="articles"
        query={{ topic, state, q: q === '' ? undefined : q }}
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
  return [
    {
      title: t('article.title'),
      render: (_, row) => (
        <button type="button" className="link strong" onClick={() => open(row)}>
          {name(row.title)}
        </button>
      ),
    },
    { title: t('article.topic'), width: 200, render: (_, row) => t(`articleTopic.${row.topic}`) },
    {
      title: t('article.estate'),
      width: 150,
      render: (_, row) =>
        row.estateId === null ? t('article.allEstates') : estateName(row.estateId),
    },
    { title: t('article.state'), width: 120, render: (_, row) => <ArticleTag state={row.state} /> },
    { title: t('article.updatedAt'), width: 130, render: (_, row) => <Ago at={row.updatedAt} /> },
  ];
}
