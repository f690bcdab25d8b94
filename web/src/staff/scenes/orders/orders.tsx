import { workOrderStates } from '../../../../../src/contract/codes.ts';
import { useNavigate, Link } from '@tanstack/react-router';
import type { WorkOrder } from '../../../api/types.ts';
import { Empty, PageHead } from '../../../shared/parts/pieces.tsx';
import { PhoneNumber } from '../../parts/phone-number.tsx';
import { List } from '../../../shared/list/list.tsx';
import { Ago } from '../../../shared/parts/times.tsx';
import { useEstateFilter } from '../../parts/use-estate-filter.ts';
import { useEstateName } from '../../parts/use-estate-name.ts';
import { textOf } from '../../../shared/i18n/i18n.ts';
import { useText } from '../../../shared/i18n/language.tsx';
import { exact } from '../../../shared/i18n/times.ts';
import { orderKinds } from '../desk/order/draft.ts';
import { SeverityTag, StateTag } from '../../parts/order-tags.tsx';
import type { Columns } from '../../../shared/list/table.tsx';
import './orders.css';
import { DemoData } from '../../parts/demo-data.tsx';

export function OrdersPage() {
  const t = useText();
  const navigate = useNavigate();
  const estateName = useEstateName();
  const estates = useEstateFilter();
  const homeText = (order: WorkOrder) =>
    `${estateName(order.estateId)} ${order.roomLabel ?? ''}`.trim();
  // 其他 其他 says it once too often.
  const categoryOf = ({ kind, category }: WorkOrder) => {
    const text = textOf(t, 'category', category);
    return text === textOf(t, 'kind', kind) ? '' : text;
  };
  const columns: Columns<WorkOrder> = [
    {
      key: 'number',
      title: t('order.number'),
      text: (order) => order.number,
      sort: (order) => order.number,
      width: 118,
      render: (_, order) => (
        <Link to="/orders/$number" params={{ number: order.number }} className="figures strong">
          {order.number}
        </Link>
      ),
    },
    {
      key: 'state',
      title: t('order.state'),
      text: (order) => textOf(t, 'orderState', order.state),
      sort: (order) => textOf(t, 'orderState', order.state),
      width: 110,
      small: 'beside',
      render: (_, order) => <StateTag state={order.state} />,
    },
    {
      key: 'kind',
      title: t('order.kind'),
      text: (order) => `${textOf(t, 'kind', order.kind)} ${categoryOf(order)}`.trim(),
      sort: (order) => textOf(t, 'kind', order.kind),
      width: 160,
      small: 'bare',
      render: (_, order) => (
        <>
          {textOf(t, 'kind', order.kind)} <span className="quiet">{categoryOf(order)}</span>
        </>
      ),
    },
    {
      key: 'summary',
      title: t('order.summary'),
      text: (order) => order.summary,
      small: 'bare',
      render: (_, order) => (
        <div className="summary-cell">
          <SeverityTag severity={order.severity} /> {order.summary}
        </div>
      ),
    },
    {
      key: 'home',
      title: t('order.estate'),
      text: homeText,
      sort: homeText,
      small: 'bare',
      width: 190,
      render: (_, order) => homeText(order),
    },
    {
      key: 'contact',
      title: t('order.contact'),
      text: (order) => order.contactNumber,
      width: 140,
      render: (_, order) => <PhoneNumber number={order.contactNumber} />,
    },
    {
      key: 'createdAt',
      title: t('order.createdAt'),
      text: (order) => exact(new Date(order.createdAt)),
      sort: (order) => order.createdAt,
      width: 120,
      render: (_, order) => <Ago at={order.createdAt} />,
    },
  ];
  return (
    <main>
      <PageHead title={t('nav.orders')}>
        <DemoData />
      </PageHead>
      <List
        path="/work-orders"
        name="work-orders"
        search={t('orders.search')}
        hint={t('orders.searchHelp')}
        filters={[
          ...estates,
          {
            key: 'state',
            label: t('order.state'),
            any: t('order.allStates'),
            options: workOrderStates.map((value) => ({
              value,
              label: textOf(t, 'orderState', value),
            })),
          },
          {
            key: 'kind',
            label: t('order.kind'),
            any: t('order.allKinds'),
            options: [...orderKinds, 'message'].map((value) => ({
              value,
              label: textOf(t, 'kind', value),
            })),
          },
        ]}
        columns={columns}
        rowKey="id"
        empty={<Empty title={t('orders.none')}>{t('orders.noneHelp')}</Empty>}
        onOpen={(order) =>
          void navigate({ to: '/orders/$number', params: { number: order.number } })
        }
      />
    </main>
  );
}
