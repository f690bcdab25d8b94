import { CheckCircleOutlined, PlusOutlined, StopOutlined } from '@ant-design/icons';
import { Button, Form, Input, Modal, Space } from 'antd';
import { useState } from 'react';
import type { CodeName } from '../../../../../src/contract/agents/agents.ts';
import { orAlready } from '../../../api/already.ts';
import { api } from '../../../api/client.ts';
import { Empty, Tag } from '../../../shared/parts/pieces.tsx';
import { useAct } from '../../../shared/parts/use-act.ts';
import { useName, useText } from '../../../shared/i18n/language.tsx';
import { useStaff } from '../../../shared/session/session.tsx';
import { useList } from './use-list.ts';
import type { Columns } from '../../../shared/list/columns.ts';
import { WholeList } from '../../../shared/list/whole-list.tsx';

interface Fields {
  code: string;
  name: CodeName['name'];
}

/** Names with a code that stays: break reasons, wrap-up reasons, skills. Retired, never deleted. */
export function CodesTable({
  path,
  cacheName,
  title,
}: {
  path: '/skills' | '/break-reasons' | '/wrap-up-reasons';
  cacheName: string;
  title: string;
}) {
  const t = useText();
  const name = useName();
  const { act, isBusy } = useAct();
  const mayChange = useStaff().siteIds === null;
  const { query, reload } = useList(path, cacheName);
  const [editing, setEditing] = useState<CodeName | 'new'>();
  const [form] = Form.useForm<Fields>();
  const toggle = (row: CodeName) =>
    void act(async () => {
      await orAlready(
        api.patch(`${path}/:code`, {
          params: { code: row.code },
          body: { isActive: !row.isActive },
        }),
      );
      await reload();
    });
  const save = (fields: Fields) =>
    void act(async () => {
      if (editing === 'new') await api.post(path, { body: { ...fields, isActive: true } });
      else if (editing !== undefined) {
        await orAlready(
          api.patch(`${path}/:code`, {
            params: { code: editing.code },
            body: { name: fields.name },
          }),
        );
      }
      await reload();
      setEditing(undefined);
    }, t('form.saved'));
  const columns: Columns<CodeName> = [
    {
      key: 'name',
      title,
      text: (row) => name(row.name),
      render: (_, row) => <span className="strong">{name(row.name)}</span>,
    },
    {
      key: 'state',
      title: t('staff.state'),
      width: 110,
      small: 'beside',
      text: (row) => t(row.isActive ? 'queue.active' : 'queue.inactive'),
      render: (_, row) =>
        row.isActive ? (
          <Tag tone="ok" icon={<CheckCircleOutlined />}>
            {t('queue.active')}
          </Tag>
        ) : (
          <Tag tone="off" icon={<StopOutlined />}>
            {t('queue.inactive')}
          </Tag>
        ),
    },
    {
      title: '',
      width: 160,
      align: 'right',
      render: (_, row) =>
        mayChange && (
          <Space>
            <Button size="small" onClick={() => setEditing(row)}>
              {t('form.edit')}
            </Button>
            <Button size="small" onClick={() => toggle(row)}>
              {t(row.isActive ? 'form.retire' : 'form.restore')}
            </Button>
          </Space>
        ),
    },
  ];
  return (
    <>
      <WholeList
        name={cacheName}
        query={query}
        columns={columns}
        rowKey="code"
        empty={<Empty title={t('form.nothingYet')} />}
        tools={
          mayChange ? (
            <Button icon={<PlusOutlined />} onClick={() => setEditing('new')}>
              {t('form.add')}
            </Button>
          ) : undefined
        }
      />
      <Modal
        open={editing !== undefined}
        title={title}
        onCancel={() => setEditing(undefined)}
        onOk={() => form.submit()}
        okText={t('form.save')}
        cancelText={t('form.cancel')}
        okButtonProps={{ loading: isBusy }}
        destroyOnHidden
      >
        <Form<Fields>
          form={form}
          layout="vertical"
          preserve={false}
          onFinish={save}
          {...(editing === 'new' || editing === undefined ? {} : { initialValues: editing })}
        >
          <Form.Item
            name="code"
            label={t('form.code')}
            rules={[
              { required: true, pattern: /^[a-z][a-z0-9_]{1,39}$/, message: t('form.codeRule') },
            ]}
          >
            <Input disabled={editing !== 'new'} />
          </Form.Item>
          <Form.Item
            name={['name', 'zh-CN']}
            label={t('form.nameZh')}
            rules={[{ required: true, message: t('form.required') }]}
          >
            <Input />
          </Form.Item>
          <Form.Item
            name={['name', 'en']}
            label={t('form.nameEn')}
            rules={[{ required: true, message: t('form.required') }]}
          >
            <Input />
          </Form.Item>
        </Form>
      </Modal>
    </>
  );
}
