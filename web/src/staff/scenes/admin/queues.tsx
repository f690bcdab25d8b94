import { queueStrategies } from '../../../../../src/contract/codes.ts';
import { CheckCircleOutlined, PlusOutlined, StopOutlined } from '@ant-design/icons';
import { Button, Form, Input, InputNumber, Select, Space, Switch } from 'antd';
import { useState } from 'react';
import type { CodeName } from '../../../../../src/contract/agents/agents.ts';
import type { QueueListItem, QueueSettings } from '../../../../../src/contract/agents/queues.ts';
import { orAlready } from '../../../api/already.ts';
import { api } from '../../../api/client.ts';
import { Empty, Tag } from '../../../shared/parts/pieces.tsx';
import { Drawer } from '../../../shared/parts/drawer.tsx';
import { useAct } from '../../../shared/parts/use-act.ts';
import { useName, useText } from '../../../shared/i18n/language.tsx';
import { useStaff } from '../../../shared/session/session.tsx';
import { useList } from './use-list.ts';
import type { Columns } from '../../../shared/list/columns.ts';
import { WholeList } from '../../../shared/list/whole-list.tsx';

const fresh: QueueSettings = {
  name: { 'zh-CN': '', en: '' },
  strategy: 'longest_idle',
  skills: [],
  priority: 10,
  ageingPerMinute: 1,
  offerSec: 20,
  wrapUpSec: 60,
  maxWaitSec: 300,
  maxLength: null,
  overflow: 'callback',
  announceEverySec: 45,
  serviceLevelSec: 20,
  serviceLevelTarget: 80,
  isActive: true,
};

type Editing = QueueListItem | 'new' | undefined;

interface Agent {
  staffId: string;
  username: string;
  displayName: string;
}

export function QueuesPage() {
  const t = useText();
  const name = useName();
  const mayChange = useStaff().siteIds === null;
  const { query, reload } = useList('/queues', 'queues');
  const agents = useList('/agents', 'agents');
  const skills = useList('/skills', 'skills');
  const [editing, setEditing] = useState<Editing>();
  const skillName = (code: string) =>
    name(skills.query.data?.find((one) => one.code === code)?.name) || code;
  const skillsOf = ({ skills: needed }: QueueListItem) =>
    needed.length === 0
      ? t('queue.anySkill')
      : needed.map((one) => `${skillName(one.skill)} ≥${one.minLevel}`).join('、');
  const levelOf = ({ serviceLevelTarget, serviceLevelSec }: QueueListItem) =>
    `${serviceLevelTarget}% / ${serviceLevelSec} ${t('unit.seconds')}`;
  const columns: Columns<QueueListItem> = [
    {
      key: 'name',
      title: t('queue.name'),
      text: (queue) => name(queue.name),
      sort: (queue) => name(queue.name),
      render: (_, queue) => <span className="strong">{name(queue.name)}</span>,
    },
    {
      key: 'strategy',
      title: t('queue.strategy'),
      text: (queue) => t(`strategy.${queue.strategy}`),
      sort: (queue) => t(`strategy.${queue.strategy}`),
      render: (_, queue) => t(`strategy.${queue.strategy}`),
    },
    {
      key: 'skills',
      title: t('queue.skills'),
      text: skillsOf,
      render: (_, queue) => skillsOf(queue),
    },
    {
      key: 'members',
      title: t('queue.members'),
      align: 'right',
      text: (queue) => queue.members.length,
      sort: (queue) => queue.members.length,
      render: (_, queue) => queue.members.length,
    },
    {
      key: 'level',
      title: t('queue.level'),
      align: 'right',
      text: levelOf,
      sort: (queue) => queue.serviceLevelTarget,
      render: (_, queue) => levelOf(queue),
    },
    {
      key: 'state',
      title: t('staff.state'),
      small: 'beside',
      text: (queue) => t(queue.isActive ? 'queue.active' : 'queue.inactive'),
      sort: (queue) => t(queue.isActive ? 'queue.active' : 'queue.inactive'),
      render: (_, queue) =>
        queue.isActive ? (
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
      align: 'right',
      render: (_, queue) =>
        mayChange && (
          <Button size="small" onClick={() => setEditing(queue)}>
            {t('form.edit')}
          </Button>
        ),
    },
  ];
  return (
    <>
      <WholeList
        name="queues"
        query={query}
        search={t('queue.search')}
        columns={columns}
        rowKey="queueId"
        empty={<Empty title={t('queue.none')} />}
        tools={
          mayChange ? (
            <Button type="primary" icon={<PlusOutlined />} onClick={() => setEditing('new')}>
              {t('queue.add')}
            </Button>
          ) : undefined
        }
      />
      {editing !== undefined && (
        <QueueDrawer
          editing={editing}
          queues={query.data ?? []}
          skills={skills.query.data ?? []}
          agents={agents.query.data ?? []}
          onClose={() => setEditing(undefined)}
          onSaved={reload}
        />
      )}
    </>
  );
}

type Fields = Omit<QueueSettings, 'overflow'> & {
  code: string;
  overflow: string;
  /** In order: `top_down` rings the first of them first. */
  members: string[];
};

function QueueDrawer({
  editing,
  queues,
  skills,
  agents,
  onClose,
  onSaved,
}: {
  editing: QueueListItem | 'new';
  queues: readonly QueueListItem[];
  skills: readonly CodeName[];
  agents: readonly Agent[];
  onClose: () => void;
  onSaved: () => Promise<void>;
}) {
  const t = useText();
  const name = useName();
  const { act, isBusy } = useAct();
  const [form] = Form.useForm<Fields>();
  const from = editing === 'new' ? { ...fresh, code: '', members: [] } : editing;
  const initial = {
    ...from,
    overflow: typeof from.overflow === 'string' ? from.overflow : from.overflow.queueId,
    members: from.members.map((one) => one.staffId),
  };
  const save = ({ code, members, ...fields }: Fields) =>
    void act(async () => {
      const settings: QueueSettings = {
        ...fields,
        wrapUpSec: fields.wrapUpSec ?? null,
        maxWaitSec: fields.maxWaitSec ?? null,
        maxLength: fields.maxLength ?? null,
        announceEverySec: fields.announceEverySec ?? null,
        overflow:
          fields.overflow === 'message' || fields.overflow === 'callback'
            ? fields.overflow
            : { queueId: fields.overflow },
      };
      const queueId =
        editing === 'new'
          ? (await api.post('/queues', { body: { code, ...settings } })).queueId
          : editing.queueId;
      if (editing !== 'new') {
        await orAlready(api.patch('/queues/:id', { params: { id: queueId }, body: settings }));
      }
      await orAlready(
        api.put('/queues/:id/members', { params: { id: queueId }, body: { staffIds: members } }),
      );
      await onSaved();
      onClose();
    }, t('form.saved'));
  const number = (
    field: keyof Fields,
    label: Parameters<typeof t>[0],
    min: number,
    max: number,
    isOptional = false,
  ) => (
    <Form.Item
      name={field}
      label={t(label)}
      rules={[
        { required: !isOptional, type: 'number', min, max, message: t('form.range', { min, max }) },
      ]}
    >
      <InputNumber className="full" placeholder={isOptional ? t('form.never') : ''} />
    </Form.Item>
  );
  return (
    <Drawer
      onClose={onClose}
      title={editing === 'new' ? t('queue.add') : name(editing.name)}
      actions={
        <Button type="primary" loading={isBusy} onClick={() => form.submit()}>
          {t('form.save')}
        </Button>
      }
    >
      <Form<Fields> form={form} layout="vertical" initialValues={initial} onFinish={save}>
        {editing === 'new' && (
          <Form.Item
            name="code"
            label={t('form.code')}
            rules={[
              { required: true, pattern: /^[a-z][a-z0-9-]{0,39}$/, message: t('form.codeRule') },
            ]}
          >
            <Input />
          </Form.Item>
        )}
        <div className="form-grid">
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
          <Form.Item name="strategy" label={t('queue.strategy')}>
            <Select
              options={queueStrategies.map((value) => ({ value, label: t(`strategy.${value}`) }))}
            />
          </Form.Item>
          <Form.Item name="overflow" label={t('queue.overflow')}>
            <Select
              options={[
                { value: 'callback', label: t('overflow.callback') },
                { value: 'message', label: t('overflow.message') },
                ...queues
                  .filter((one) => editing === 'new' || one.queueId !== editing.queueId)
                  .map((one) => ({ value: one.queueId, label: name(one.name) })),
              ]}
            />
          </Form.Item>
          {number('priority', 'queue.priority', 0, 100)}
          {number('ageingPerMinute', 'queue.ageing', 0, 100)}
          {number('offerSec', 'queue.offerSec', 5, 120)}
          {number('wrapUpSec', 'queue.wrapUpSec', 0, 900, true)}
          {number('maxWaitSec', 'queue.maxWaitSec', 10, 7200, true)}
          {number('maxLength', 'queue.maxLength', 1, 10_000, true)}
          {number('announceEverySec', 'queue.announceEverySec', 15, 600, true)}
          {number('serviceLevelSec', 'queue.serviceLevelSec', 1, 600)}
          {number('serviceLevelTarget', 'queue.serviceLevelTarget', 1, 100)}
          <Form.Item name="isActive" label={t('queue.active')} valuePropName="checked">
            <Switch />
          </Form.Item>
          <Form.Item name="asksForMark" label={t('queue.asksForMark')} valuePropName="checked">
            <Switch />
          </Form.Item>
        </div>
        <Form.Item name="members" label={t('queue.members')} extra={t('queue.membersHelp')}>
          <Select
            mode="multiple"
            showSearch={{ optionFilterProp: 'label' }}
            options={agents.map((one) => ({
              value: one.staffId,
              label: `${one.displayName} ${one.username}`,
            }))}
          />
        </Form.Item>
        <h3>{t('queue.skills')}</h3>
        <Form.List name="skills">
          {(fields, { add, remove }) => (
            <>
              {fields.map((field) => (
                <Space key={field.key} align="baseline">
                  <Form.Item name={[field.name, 'skill']} rules={[{ required: true, message: '' }]}>
                    <Select
                      className="filter"
                      aria-label={t('queue.skill')}
                      options={skills.map((one) => ({ value: one.code, label: name(one.name) }))}
                    />
                  </Form.Item>
                  <Form.Item name={[field.name, 'minLevel']}>
                    <InputNumber min={1} max={5} aria-label={t('queue.minLevel')} />
                  </Form.Item>
                  <Button type="text" onClick={() => remove(field.name)}>
                    {t('form.remove')}
                  </Button>
                </Space>
              ))}
              <Button icon={<PlusOutlined />} onClick={() => add({ minLevel: 1 })}>
                {t('queue.addSkill')}
              </Button>
            </>
          )}
        </Form.List>
      </Form>
    </Drawer>
  );
}
