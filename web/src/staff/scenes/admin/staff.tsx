import { CheckCircleOutlined, LockOutlined, PlusOutlined, StopOutlined } from '@ant-design/icons';
import { App, Button, Form, Input, Modal, Popconfirm, Select, Space } from 'antd';
import { useState } from 'react';
import { orAlready } from '../../../api/already.ts';
import { api } from '../../../api/client.ts';
import { useEstates } from '../../../api/codes.ts';
import { Empty, Tag } from '../../../shared/parts/pieces.tsx';
import { Ago } from '../../../shared/parts/times.tsx';
import { useAct } from '../../../shared/parts/use-act.ts';
import { useEstateName } from '../../parts/use-estate-name.ts';
import { useText } from '../../../shared/i18n/language.tsx';
import { staffRoles, type StaffRole } from '../../../../../src/contract/codes.ts';
import type { MessageKey } from '../../../shared/i18n/i18n.ts';
import { exact } from '../../../shared/i18n/times.ts';
import { useConfirmOwn } from './confirm-own.tsx';
import { useList } from './use-list.ts';
import type { Columns } from '../../../shared/list/columns.ts';
import { WholeList } from '../../../shared/list/whole-list.tsx';

interface StaffRow {
  id: string;
  username: string;
  displayName: string;
  role: StaffRole;
  isDisabled: boolean;
  lockedUntil: string | null;
  hasSecondFactor?: boolean;
  /** Empty for all sites. */
  siteIds?: string[];
  createdAt: string;
}

type Change = Partial<StaffRow> & { isUnlocked?: true; isSecondFactorRemoved?: true };
type Editing = StaffRow | 'new' | undefined;

export function StaffPage() {
  const t = useText();
  const { act } = useAct();
  const { message } = App.useApp();
  const estateName = useEstateName();
  const { query, reload } = useList('/staff', 'staff');
  const [editing, setEditing] = useState<Editing>();
  const { run, dialog } = useConfirmOwn();
  const change = (row: StaffRow, part: Change) =>
    void act(async () => {
      const isDone = await run(async (confirm) => {
        await orAlready(
          api.patch('/staff/:id', { params: { id: row.id }, body: { ...part, ...confirm } }),
        );
        await reload();
      });
      if (isDone) void message.success(t('form.saved'));
    });
  const sitesOf = ({ siteIds = [] }: StaffRow) =>
    siteIds.length === 0 ? t('staff.allSites') : siteIds.map((id) => estateName(id)).join('、');
  const columns: Columns<StaffRow> = [
    {
      key: 'name',
      title: t('staff.name'),
      text: (row) => `${row.displayName} ${row.username}`,
      sort: (row) => row.displayName,
      render: (_, row) => (
        <>
          <span className="strong">{row.displayName}</span>{' '}
          <span className="quiet">{row.username}</span>
        </>
      ),
    },
    {
      key: 'role',
      title: t('staff.role'),
      text: (row) => t(`staffRole.${row.role}`),
      sort: (row) => t(`staffRole.${row.role}`),
      small: 'bare',
      render: (_, row) => t(`staffRole.${row.role}`),
    },
    {
      key: 'sites',
      title: t('staff.sites'),
      text: sitesOf,
      sort: sitesOf,
      render: (_, row) => sitesOf(row),
    },
    {
      key: 'state',
      title: t('staff.state'),
      text: (row) => t(stateOf(row)),
      sort: (row) => t(stateOf(row)),
      small: 'beside',
      render: (_, row) => <State row={row} />,
    },
    {
      key: 'since',
      title: t('staff.since'),
      text: (row) => exact(new Date(row.createdAt)),
      sort: (row) => row.createdAt,
      render: (_, row) => <Ago at={row.createdAt} />,
    },
    {
      title: '',
      align: 'right',
      render: (_, row) => (
        <Space>
          <Button size="small" onClick={() => setEditing(row)}>
            {t('form.edit')}
          </Button>
          {isLocked(row) && (
            <Button size="small" onClick={() => change(row, { isUnlocked: true })}>
              {t('staff.unlock')}
            </Button>
          )}
          {row.hasSecondFactor === true && (
            <Popconfirm
              title={t('staff.factorSure')}
              onConfirm={() => change(row, { isSecondFactorRemoved: true })}
              okText={t('form.confirm')}
              cancelText={t('form.cancel')}
            >
              <Button size="small">{t('staff.removeFactor')}</Button>
            </Popconfirm>
          )}
          {row.isDisabled ? (
            <Button size="small" onClick={() => change(row, { isDisabled: false })}>
              {t('staff.enable')}
            </Button>
          ) : (
            <Popconfirm
              title={t('staff.disableSure', { name: row.displayName })}
              onConfirm={() => change(row, { isDisabled: true })}
              okText={t('staff.disable')}
              cancelText={t('form.cancel')}
            >
              <Button size="small" danger>
                {t('staff.disable')}
              </Button>
            </Popconfirm>
          )}
        </Space>
      ),
    },
  ];
  return (
    <>
      <WholeList
        name="staff"
        query={query}
        search={t('staff.search')}
        columns={columns}
        rowKey="id"
        empty={<Empty title={t('staff.none')} />}
        tools={
          <Button type="primary" icon={<PlusOutlined />} onClick={() => setEditing('new')}>
            {t('staff.add')}
          </Button>
        }
      />
      <StaffDialog editing={editing} onClose={() => setEditing(undefined)} onSaved={reload} />
      {dialog}
    </>
  );
}

function stateOf(row: StaffRow): MessageKey {
  if (row.isDisabled) return 'staff.disabled';
  return isLocked(row) ? 'staff.locked' : 'staff.active';
}

function State({ row }: { row: StaffRow }) {
  const t = useText();
  if (row.isDisabled) {
    return (
      <Tag tone="off" icon={<StopOutlined />}>
        {t('staff.disabled')}
      </Tag>
    );
  }
  if (isLocked(row)) {
    return (
      <Tag tone="alarm" icon={<LockOutlined />}>
        {t('staff.locked')}
      </Tag>
    );
  }
  return (
    <Tag tone="ok" icon={<CheckCircleOutlined />}>
      {t('staff.active')}
    </Tag>
  );
}

function isLocked({ lockedUntil }: StaffRow): boolean {
  return lockedUntil !== null && Date.parse(lockedUntil) > Date.now();
}

interface Fields {
  username: string;
  displayName: string;
  role: StaffRole;
  siteIds?: string[];
  password?: string;
}

function StaffDialog({
  editing,
  onClose,
  onSaved,
}: {
  editing: Editing;
  onClose: () => void;
  onSaved: () => Promise<void>;
}) {
  const t = useText();
  const { act, isBusy } = useAct();
  const { message } = App.useApp();
  const { run, dialog } = useConfirmOwn();
  const estates = useEstates();
  const estateName = useEstateName();
  const [form] = Form.useForm<Fields>();
  const isNew = editing === 'new';
  const save = ({ password, username, ...fields }: Fields) =>
    void act(async () => {
      const secret = password === undefined || password === '' ? {} : { password };
      const isDone = await run(async (confirm) => {
        if (isNew) {
          await api.post('/staff', {
            body: { username, ...fields, password: password ?? '', ...confirm },
          });
        } else if (editing !== undefined) {
          await orAlready(
            api.patch('/staff/:id', {
              params: { id: editing.id },
              body: { ...fields, ...secret, ...confirm },
            }),
          );
        }
        await onSaved();
        onClose();
      });
      if (isDone) void message.success(t('form.saved'));
    });
  return (
    <>
      <Modal
        open={editing !== undefined}
        title={t(isNew ? 'staff.add' : 'staff.edit')}
        onCancel={onClose}
        onOk={() => form.submit()}
        okText={t('form.save')}
        cancelText={t('form.cancel')}
        okButtonProps={{ loading: isBusy }}
        destroyOnHidden
      >
        <Form<Fields>
          form={form}
          layout="vertical"
          onFinish={save}
          preserve={false}
          initialValues={editing === 'new' || editing === undefined ? { role: 'agent' } : editing}
        >
          <Form.Item
            name="username"
            label={t('login.username')}
            rules={[
              {
                required: true,
                pattern: /^[a-z][a-z0-9._-]{1,39}$/,
                message: t('staff.usernameRule'),
              },
            ]}
          >
            <Input disabled={!isNew} autoComplete="off" />
          </Form.Item>
          <Form.Item
            name="displayName"
            label={t('staff.name')}
            rules={[{ required: true, message: t('form.required') }]}
          >
            <Input maxLength={60} />
          </Form.Item>
          <Form.Item name="role" label={t('staff.role')}>
            <Select
              options={staffRoles.map((value) => ({
                value,
                label: t(`staffRole.${value}`),
              }))}
            />
          </Form.Item>
          <Form.Item name="siteIds" label={t('staff.sites')}>
            <Select
              mode="multiple"
              placeholder={t('staff.allSites')}
              options={(estates.data ?? []).map(({ id }) => ({ value: id, label: estateName(id) }))}
            />
          </Form.Item>
          <Form.Item
            name="password"
            label={t(isNew ? 'login.password' : 'staff.newPassword')}
            rules={[{ required: isNew, min: 10, message: t('staff.passwordRule') }]}
          >
            <Input.Password autoComplete="new-password" />
          </Form.Item>
        </Form>
      </Modal>
      {dialog}
    </>
  );
}
