import { PrinterOutlined } from '@ant-design/icons';
import { Button, Input, Select, Space } from 'antd';
import { useState } from 'react';
import type { ArticleView } from '../../../../../src/contract/articles.ts';
import { api } from '../../../api/client.ts';
import { useAct } from '../../../shared/parts/use-act.ts';
import { useLanguage, useText } from '../../../shared/i18n/language.tsx';

const machine = /^\+?\d{3,20}$/;

/** Sends the article to a fax machine; how it went stands among the faxes. */
export function FaxArticle({ article }: { article: ArticleView }) {
  const t = useText();
  const { language: own } = useLanguage();
  const { act, isBusy } = useAct();
  const [number, setNumber] = useState('');
  const [language, setLanguage] = useState(article.body.en === '' ? 'zh-CN' : own);
  const wanted = number.replaceAll(/[\s-]/g, '');
  const send = async () => {
    const isSent = await act(
      () =>
        api.post('/articles/:id/fax', {
          params: { id: article.id },
          body: { number: wanted, language },
        }),
      t('article.faxed'),
    );
    if (isSent) setNumber('');
  };
  return (
    <section className="stack">
      <h3>{t('article.fax')}</h3>
      <Space.Compact className="full">
        <Input
          inputMode="tel"
          placeholder={t('article.faxNumber')}
          aria-label={t('article.faxNumber')}
          value={number}
          maxLength={32}
          onChange={(event) => setNumber(event.target.value)}
        />
        <Select
          className="filter"
          aria-label={t('article.faxLanguage')}
          value={language}
          onChange={setLanguage}
          disabled={article.body.en === ''}
          options={(['zh-CN', 'en'] as const).map((value) => ({
            value,
            label: t(`language.${value}`),
          }))}
        />
        <Button
          icon={<PrinterOutlined />}
          disabled={!machine.test(wanted)}
          loading={isBusy}
          onClick={() => void send()}
        >
          {t('article.send')}
        </Button>
      </Space.Compact>
    </section>
  );
}
