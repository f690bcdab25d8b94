import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { Pop } from '../../../../../src/contract/agents/pop.ts';
import { api } from '../../../api/client.ts';
import { BillRows } from '../../parts/bill-rows.tsx';
import { PartTabs } from '../../../shared/parts/parts.tsx';
import { Empty, QueryView } from '../../../shared/parts/pieces.tsx';
import { Ago } from '../../../shared/parts/times.tsx';
import { textOf } from '../../../shared/i18n/i18n.ts';
import { useText } from '../../../shared/i18n/language.tsx';
import { SeverityTag, StateTag } from '../../parts/order-tags.tsx';
import { homeOf } from './pop-facts.ts';

/** What belongs to the home: its orders and its bills, to be looked up while talking. */
export function SidePanel({ pop }: { pop: Pop }) {
  const t = useText();
  const home = homeOf(pop);
  const [here, setHere] = useState('orders');
  if (home === undefined) {
    return (
      <section className="card side">
        <Empty title={t('side.noHome')}>{t('side.noHomeHelp')}</Empty>
      </section>
    );
  }
  return (
    <section className="card side">
      <PartTabs
        label={t('side.title')}
        here={here}
        parts={[
          { key: 'orders', label: t('side.orders') },
          { key: 'bills', label: t('side.bills') },
        ]}
        onPick={setHere}
      />
      {here === 'orders' ? <Orders roomId={home.roomId} /> : <Bills roomId={home.roomId} />}
    </section>
  );
}

function Orders({ roomId }: { roomId: string }) {
  const t = useText();
  const orders = useQuery({
    queryKey: ['work-orders', { roomId }],
    queryFn: () => api.get('/work-orders', { query: { roomId, limit: 20 } }),
  });
  return (
    <QueryView query={orders}>
      {({ items }) =>
        items.length === 0 ? (
          <Empty title={t('orders.none')} />
        ) : (
          <ul className="plain rows tall">
            {items.map((order) => (
              <li key={order.id}>
                <div>
                  <Link to="/orders/$number" params={{ number: order.number }} className="figures">
                    {order.number}
                  </Link>{' '}
                  <StateTag state={order.state} /> <SeverityTag severity={order.severity} />
                  <div className="clip">{order.summary}</div>
                  <small className="quiet">
                    {textOf(t, 'kind', order.kind)} · <Ago at={order.createdAt} />
                  </small>
                </div>
              </li>
            ))}
          </ul>
        )
      }
    </QueryView>
  );
}

function Bills({ roomId }: { roomId: string }) {
  const t = useText();
  const bills = useQuery({
    queryKey: ['bills', { roomId }],
    queryFn: () => api.get('/bills', { query: { roomId, limit: 30 } }),
  });
  return (
    <QueryView query={bills}>
      {({ items }) =>
        items.length === 0 ? <Empty title={t('bills.none')} /> : <BillRows bills={items} />
      }
    </QueryView>
  );
}
