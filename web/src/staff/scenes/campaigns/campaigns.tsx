import { campaignStates } from '../../../../../src/contract/codes.ts';
import { PlusOutlined } from '@ant-design/icons';
import { Link, useNavigate } from '@tanstack/react-router';
import { Button } from 'antd';
import { Empty, PageHead } from '../../../shared/parts/pieces.tsx';
import { List } from '../../../shared/list/list.tsx';
import { Ago } from '../../../shared/parts/times.tsx';
import { useEstateFilter } from '../../parts/use-estate-filter.ts';
import { useEstateName } from '../../parts/use-estate-name.ts';
import { useStaffName } from '../../parts/use-staff-name.ts';
import { useText } from '../../../shared/i18n/language.tsx';
import { useMay } from '../../../shared/session/session.tsx';
import { exact } from '../../../shared/i18n/times.ts';
import { CampaignTag } from './campaign-tags.tsx';
import type { Campaign } from './campaign.types.ts';
import type { Columns } from '../../../shared/list/table.tsx';
import './campaigns.css';
import { DemoData } from '../../parts/demo-data.tsx';

/** All campaigns, newest first. */
export function CampaignsPage() {
  const t = useText();
  const navigate = useNavigate();
  const staffName = useStaffName();
  const estateName = useEstateName();
  const estates = useEstateFilter();
  const estatesOf = ({ estateIds }: Campaign) =>
    estateIds === null ? t('estate.any') : estateIds.map(estateName).join('、');
  const mayWrite = useMay()('campaigns.write');
  const open = (id: string) => void navigate({ to: '/campaigns/$id', params: { id } });
  const columns: Columns<Campaign> = [
    {
      key: 'name',
      title: t('campaign.name'),
      text: (row) => row.name,
      sort: (row) => row.name,
      render: (_, row) => (
        <Link to="/campaigns/$id" params={{ id: row.id }} className="strong">
          {row.name}
        </Link>
      ),
    },
    {
      key: 'kind',
      title: t('campaign.kind'),
      width: 130,
      text: (row) => t(`campaignKind.${row.kind}`),
      small: 'bare',
      sort: (row) => t(`campaignKind.${row.kind}`),
      render: (_, row) => t(`campaignKind.${row.kind}`),
    },
    ...(estates.length === 0
      ? []
      : [
          {
            key: 'estates',
            title: t('campaign.estates'),
            text: estatesOf,
            sort: estatesOf,
            small: 'bare' as const,
            render: (_: unknown, row: Campaign) => estatesOf(row),
          },
        ]),
    {
      key: 'state',
      title: t('campaign.state'),
      width: 130,
      text: (row) => t(`campaignState.${row.state}`),
      sort: (row) => t(`campaignState.${row.state}`),
      small: 'beside',
      render: (_, row) => <CampaignTag state={row.state} />,
    },
    {
      key: 'author',
      title: t('campaign.author'),
      text: (row) => staffName(row.createdBy) ?? '',
      width: 120,
      render: (_, row) => staffName(row.createdBy) ?? '—',
    },
    {
      key: 'approver',
      title: t('campaign.approver'),
      text: (row) => staffName(row.approvedBy) ?? '',
      width: 120,
      render: (_, row) => staffName(row.approvedBy) ?? '—',
    },
    {
      key: 'startedAt',
      title: t('campaign.startedAt'),
      text: (row) => (row.startedAt === null ? '' : exact(new Date(row.startedAt))),
      sort: (row) => row.startedAt,
      width: 130,
      render: (_, row) => <Ago at={row.startedAt} />,
    },
    {
      key: 'createdAt',
      title: t('campaign.createdAt'),
      text: (row) => exact(new Date(row.createdAt)),
      sort: (row) => row.createdAt,
      width: 130,
      render: (_, row) => <Ago at={row.createdAt} />,
    },
  ];
  return (
    <main>
      <PageHead title={t('nav.campaigns')} note={t('campaign.note')}>
        <DemoData />
        {mayWrite && (
          <Button type="primary" icon={<PlusOutlined />} onClick={() => open('new')}>
            {t('campaign.new')}
          </Button>
        )}
      </PageHead>
      <List
        path="/campaigns"
        name="campaigns"
        filters={[
          ...estates,
          {
            key: 'state',
            label: t('campaign.state'),
            any: t('campaign.anyState'),
            options: campaignStates.map((value) => ({ value, label: t(`campaignState.${value}`) })),
          },
        ]}
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
