import { articleTopics } from '../../../../../src/contract/codes.ts';
import { Button, Form, Input, Popconfirm, Select } from 'antd';
import { useState } from 'react';
import type { ArticleView, NewArticle } from '../../../../../src/contract/articles.ts';
import { orAlready } from '../../../api/already.ts';
import { api } from '../../../api/client.ts';
import { useEstates } from '../../../api/codes.ts';
import { Drawer } from '../../../shared/parts/drawer.tsx';
import { useAct } from '../../../shared/parts/use-act.ts';
import { useEstateName } from '../../parts/use-estate-name.ts';
import { useName, useText } from '../../../shared/i18n/language.tsx';
import { useMay } from '../../../shared/session/session.tsx';
import { ArticleTag } from './article-tags.tsx';
import { FaxArticle } from './fax-article.tsx';

type Fields = Omit<NewArticle, 'estateId'> & { estate: string };

const all = 'all';
const fresh: Fields = {
  estate: all,
  topic: 'how_to',
  title: { 'zh-CN': '', en: '' },
  body: { 'zh-CN': '', en: '' },
};

/** Writes, changes, publishes and withdraws an article. */
export function ArticleDrawer({
  article: opened,
  onClose,
  onSaved,
}: {
  article: ArticleView | 'new';
  onClose: () => void;
  onSaved: () => Promise<void>;
}) {
  const t = useText();
  const name = useName();
  const may = useMay();
  const { act, isBusy } = useAct();
  const [form] = Form.useForm<Fields>();
  const [article, setArticle] = useState(opened === 'new' ? undefined : opened);
  const mayPublish = may('articles.publish');
  const isPublic = article?.state === 'published';
  const mayChange = mayPublish || !isPublic;

  /** What callers would hear is what stands in the form. */
  const save = async (): Promise<ArticleView> => {
    const { estate, topic, title, body } = await form.validateFields();
    const words = { estateId: estate === all ? null : estate, topic, title, body };
    const saved =
      article === undefined
        ? await api.post('/articles', { body: words })
        : ((await orAlready(
            api.patch('/articles/:id', {
              params: { id: article.id },
              body: {
                ...words,
                expectedVersion: article.version,
              },
            }),
          )) ?? article);
    setArticle(saved);
    await onSaved();
    return saved;
  };
  const keep = async () => {
    if (await isFilled(form)) await act(save, t('form.saved'));
  };
  const move = async (to: 'publish' | 'withdraw') => {
    if (to === 'publish' && !(await isFilled(form))) return;
    await act(
      async () => {
        const at = to === 'publish' || article === undefined ? await save() : article;
        const moved = await api.post(`/articles/:id/${to}`, {
          params: { id: at.id },
          body: { expectedVersion: at.version },
        });
        setArticle(moved);
        await onSaved();
      },
      t(to === 'publish' ? 'article.isPublished' : 'article.isWithdrawn'),
    );
  };

  return (
    <Drawer
      onClose={onClose}
      title={article === undefined ? t('article.new') : name(article.title)}
      actions={
        <>
          {mayPublish && isPublic && (
            <Popconfirm
              title={t('article.withdrawSure')}
              okText={t('article.withdraw')}
              cancelText={t('form.cancel')}
              onConfirm={() => move('withdraw')}
            >
              <Button danger disabled={isBusy}>
                {t('article.withdraw')}
              </Button>
            </Popconfirm>
          )}
          {mayPublish && !isPublic && (
            <Button disabled={isBusy} onClick={() => void move('publish')}>
              {t('article.publish')}
            </Button>
          )}
          <Button type="primary" loading={isBusy} disabled={!mayChange} onClick={() => void keep()}>
            {t('form.save')}
          </Button>
        </>
      }
    >
      <p className="quiet article-state">
        {article !== undefined && <ArticleTag state={article.state} />}{' '}
        {t(
          isPublic ? (mayChange ? 'article.liveHelp' : 'article.lockedHelp') : 'article.draftHelp',
        )}
      </p>
      <Form<Fields>
        form={form}
        layout="vertical"
        initialValues={opened === 'new' ? fresh : fieldsOf(opened)}
        disabled={!mayChange}
      >
        <WordFields />
      </Form>
      {article !== undefined && isPublic && <FaxArticle article={article} />}
    </Drawer>
  );
}

function WordFields() {
  const t = useText();
  const estates = useEstates();
  const estateName = useEstateName();
  const required = { required: true, whitespace: true, message: t('form.required') };
  /** English has both of them or neither. */
  const paired = (other: 'title' | 'body') => ({
    dependencies: [[other, 'en']],
    rules: [
      ({ getFieldValue }: { getFieldValue: (path: string[]) => unknown }) => ({
        validator: (_: unknown, value: string) =>
          value.trim() === '' && String(getFieldValue([other, 'en'])).trim() !== ''
            ? Promise.reject(new Error(t('article.bothOrNone')))
            : Promise.resolve(),
      }),
    ],
  });
  return (
    <>
      <div className="form-grid">
        <Form.Item name="topic" label={t('article.topic')}>
          <Select
            options={articleTopics.map((value) => ({ value, label: t(`articleTopic.${value}`) }))}
          />
        </Form.Item>
        <Form.Item name="estate" label={t('article.estate')}>
          <Select
            options={[
              { value: all, label: t('article.allEstates') },
              ...(estates.data ?? []).map(({ id }) => ({ value: id, label: estateName(id) })),
            ]}
          />
        </Form.Item>
      </div>
      <Form.Item name={['title', 'zh-CN']} label={t('article.titleZh')} rules={[required]}>
        <Input maxLength={120} />
      </Form.Item>
      <Form.Item
        className="counted"
        name={['body', 'zh-CN']}
        label={t('article.bodyZh')}
        rules={[required]}
      >
        <Input.TextArea autoSize={{ minRows: 5, maxRows: 14 }} maxLength={3000} showCount />
      </Form.Item>
      <Form.Item name={['title', 'en']} label={t('article.titleEn')} {...paired('body')}>
        <Input maxLength={200} placeholder={t('article.enHelp')} />
      </Form.Item>
      <Form.Item
        className="counted"
        name={['body', 'en']}
        label={t('article.bodyEn')}
        {...paired('title')}
      >
        <Input.TextArea autoSize={{ minRows: 5, maxRows: 14 }} maxLength={6000} showCount />
      </Form.Item>
    </>
  );
}

function fieldsOf({ estateId, topic, title, body }: ArticleView): Fields {
  return { estate: estateId ?? all, topic, title, body };
}

/** The fields say themselves what is missing. */
function isFilled(form: { validateFields: () => Promise<unknown> }): Promise<boolean> {
  return form.validateFields().then(
    () => true,
    () => false,
  );
}
