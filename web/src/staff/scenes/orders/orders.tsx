import { useNavigate, Link } from '@tanstack/react-router';
import { Select } from 'antd';
import { useState } from 'react';
import type { WorkOrder } from '../../../api/types.ts';
import { Empty, PageHead } from '../../../shared/parts/pieces.tsx';
import { PhoneNumber } from '../../parts/phone-number.tsx';
import { PagedTable } from '../../../shared/parts/paged-table.tsx';
import { Ago } from '../../../shared/parts/times.tsx';
import { useEstateName } from '../../parts/use-estate-name.ts';
import { textOf } from '../../../shared/i18n/i18n.ts';
import { useText } from '../../../shared/i18n/language.tsx';
import { orderKinds } from '../desk/order/draft.ts';
import { SeverityTag, StateTag } from '../../parts/order-tags.tsx';
import type { Columns } from '../../../shared/parts/rows-table.tsx';
import './orders.css';
import { DemoData } from '../../parts/demo-data.tsx';

export const orderStates = [
  'new',
  'accepted',
  'dispatched',
  'in_progress',
  'done',
  'confirmed',
  'closed',
  'cancelled',
] as const;

export function OrdersPage() {
  const t = useText();
  const navigate = useNavigate();
  const estateName = useEstateName();
  const [state, setState] = useState<string>();
  const [kind, setKind] = useState<string>();
  const columns: Columns<WorkOrder> = [
    {
      title: t('order.number'),
      width: 118,
      render: (_, order) => (
        <Link to="/orders/$number" params={{ number: order.number }} className="figures strong">
          {order.number}
        </Link>
      ),
    },
    {
      title: t('order.state'),
      width: 110,
      render: (_, order) => <StateTag state={order.state} />,
    },
    {
      title: t('order.kind'),
      width: 140,
      render: (_, order) => (
        <>
          {textOf(t, 'kind', order.kind)}{' '}
          <span className="quiet">{textOf(t, 'category', order.category)}</span>
        </>
      ),
    },
    {
      title: t('order.summary'),
      render: (_, order) => (
        <div className="summary-cell">
          <SeverityTag severity={order.severity} /> {order.summary}
        </div>
      ),
    },
    {
      title: t('order.estate'),
      width: 190,
      render: (_, order) => `${estateName(order.estateId)} ${order.roomLabel ?? ''}`,
    },
    {
      title: t('order.contact'),
      width: 140,
      render: (_, order) => <PhoneNumber number={order.contactNumber} />,
    },
    {
      title: t('order.createdAt'),
      width: 120,
      render: (_, order) => <Ago at={order.createdAt} />,
    },
  ];
  return (
    <main>
      <PageHead title={t('nav.orders')}>
        <DemoData />
        <Select
          allowClear
          placeholder={t('order.allStates')}
          aria-label={t('order.state')}
          value={state}
          onChange={setState}
          className="filter"
          options={orderStates.map((value) => ({ value, label: textOf(t, 'orderState', value) }))}
        />
        <Select
          allowClear
          placeholder={t('order.allKinds')}
          aria-label={t('order.kind')}
          value={kind}
          onChange={setKind}
          className="filter"
          options={[...orderKinds, 'message'].map((value) => ({
            value,
            label: textOf(t, 'kind', value),
          }))}
        />
      </PageHead>
      <PagedTable
        path="/work-orders"
        name="work-orders"
        query={{ state, kind }}
        columns={columns}
        rowKey="id"
        empty={
          <Empty title={t('orders.none')}>
            {t(
              state === undefined && kind === undefined ? 'orders.noneHelp' : 'orders.noneFiltered',
            )}
          </Empty>
        }
        onOpen={(order) =>
          void navigate({ to: '/orders/$number', params: { number: order.number } })
        }
      />
    </main>
  );
}
