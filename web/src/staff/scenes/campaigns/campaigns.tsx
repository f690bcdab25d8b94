import { PlusOutlined } from '@ant-design/icons';
import { Link, useNavigate } from '@tanstack/react-router';
import { Button, Select } from 'antd';
import { useState } from 'react';
import { Empty, PageHead } from '../../../shared/parts/pieces.tsx';
import { PagedTable } from '../../../shared/parts/paged-table.tsx';
import { Ago } from '../../../shared/parts/times.tsx';
import { useStaffName } from '../../parts/use-staff-name.ts';
import { useText } from '../../../shared/i18n/language.tsx';
import { useStaff } from '../../../shared/session/session.tsx';
import { mayManage } from './rights.ts';
import { CampaignTag } from './campaign-tags.tsx';
import type { Campaign } from './campaign.types.ts';
import type { Columns } from '../../../shared/parts/rows-table.tsx';
import './campaigns.css';
import { DemoData } from '../../parts/demo-data.tsx';

const states = [
  'draft',
  'submitted',
  'approved',
  'running',
  'paused',
  'finished',
  'stopped',
  'cancelled',
] as const;

/** All campaigns, newest first. */
export function CampaignsPage() {
  const t = useText();
  const navigate = useNavigate();
  const staffName = useStaffName();
  const mayWrite = mayManage(useStaff().role);
  const [state, setState] = useState<Campaign['state']>();
  const open = (id: string) => void navigate({ to: '/campaigns/$id', params: { id } });
  const columns: Columns<Campaign> = [
    {
      title: t('campaign.name'),
      render: (_, row) => (
        <Link to="/campaigns/$id" params={{ id: row.id }} className="strong">
          {row.name}
        </Link>
      ),
    },
    { title: t('campaign.kind'), width: 130, render: (_, row) => t(`campaignKind.${row.kind}`) },
    {
      title: t('campaign.state'),
      width: 130,
      render: (_, row) => <CampaignTag state={row.state} />,
    },
    {
      title: t('campaign.author'),
      width: 120,
      render: (_, row) => staffName(row.createdBy) ?? '—',
    },
    {
      title: t('campaign.approver'),
      width: 120,
      render: (_, row) => staffName(row.approvedBy) ?? '—',
    },
    {
      title: t('campaign.startedAt'),
      width: 130,
      render: (_, row) => <Ago at={row.startedAt} />,
    },
    {
      title: t('campaign.createdAt'),
      width: 130,
      render: (_, row) => <Ago at={row.createdAt} />,
    },
  ];
  return (
    <main>
      <PageHead title={t('nav.campaigns')} note={t('campaign.note')}>
        <DemoData />
        <Select
          className="filter"
          allowClear
          placeholder={t('campaign.anyState')}
          aria-label={t('campaign.state')}
          value={state}
          onChange={setState}
          options={states.map((value) => ({ value, label: t(`campaignState.${value}`) }))}
        />
        {mayWrite && (
          <Button type="primary" icon={<PlusOutlined />} onClick={() => open('new')}>
            {t('campaign.new')}
          </Button>
        )}
      </PageHead>
      <PagedTable
        path="/campaigns"
        name="campaigns"
        query={{ state }}
        columns={columns}
        rowKey="id"
        empty={
          mayWrite ? (
            <Empty
              title={t('campaign.none')}
              action={<Button onClick={() => open('new')}>{t('campaign.new')}</Button>}
            >
              {t('campaign.noneHelp')}
            </Empty>
          ) : (
            <Empty title={t('campaign.none')} />
          )
        }
        onOpen={(row) => open(row.id)}
      />
    </main>
  );
}
