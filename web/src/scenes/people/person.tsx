import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { api } from '../../api/client.ts';
import type { Bill, Call, Person, PersonHome, WorkOrder } from '../../api/types.ts';
import { Empty, Money, PageHead, PhoneNumber, QueryView } from '../../components/pieces.tsx';
import { Ago } from '../../components/times.tsx';
import { textOf } from '../../i18n/i18n.ts';
import { useLanguage, useText } from '../../i18n/language.tsx';
import { useIsSeated } from '../../softphone/use-phone.tsx';
import { useDial } from '../../softphone/use-dial.ts';
import { Outcome } from '../calls/calls.tsx';
import { Flag, Vip } from '../desk/flag.tsx';
import { StateTag } from '../orders/order-tags.tsx';

interface PersonCard extends Person {
  flags?: string[];
  homes?: PersonHome[];
  bills?: Bill[];
  workOrders?: WorkOrder[];
  calls?: Call[];
}

/** Everything about one person: homes, debts, orders, contacts. */
export function PersonPage() {
  const { id } = useParams({ strict: false });
  const person = useQuery({
    queryKey: ['owners', 'one', id],
    queryFn: () => api.get<PersonCard>(`/owners/${id ?? ''}`),
  });
  return (
    <main>
      <QueryView query={person} rows={10}>
        {(one) => <PersonView person={one} />}
      </QueryView>
    </main>
  );
}

function PersonView({ person }: { person: PersonCard }) {
  const t = useText();
  const dial = useDial();
  const isSeated = useIsSeated();
  const { language } = useLanguage();
  const homes = person.homes ?? [];
  const estate = (home: PersonHome) =>
    typeof home.estateName === 'string' ? home.estateName : home.estateName[language];
  return (
    <>
      <PageHead
        title={
          <>
            <Link to="/people" className="crumb">
              {t('nav.people')}
            </Link>{' '}
            {person.name}
          </>
        }
      >
        {person.isVip && <Vip />}
        {(person.flags ?? []).map((flag) => (
          <Flag key={flag} flag={flag} />
        ))}
      </PageHead>
      <div className="two-columns">
        <section className="card pad">
          <dl className="facts">
            <dt>{t('person.numbers')}</dt>
            <dd>
              {person.numbers.map((number) => (
                <div key={number}>
                  <PhoneNumber
                    number={number}
                    onDial={
                      isSeated ? (to) => dial({ number: to, personId: person.id }) : undefined
                    }
                  />
                </div>
              ))}
            </dd>
            <dt>{t('person.language')}</dt>
            <dd>{t(`language.${person.language}`)}</dd>
            {person.notes !== '' && (
              <>
                <dt>{t('person.notes')}</dt>
                <dd>{person.notes}</dd>
              </>
            )}
          </dl>
          <h3>{t('caller.homes')}</h3>
          {homes.length === 0 && <Empty title={t('person.noHomes')} />}
          {homes.map((home) => (
            <HomeBills key={home.roomId} home={home} title={`${estate(home)} ${home.label}`} />
          ))}
        </section>
        <section className="card pad">
          <h3>{t('nav.orders')}</h3>
          <PersonOrders person={person} />
          <h3>{t('caller.lastContacts')}</h3>
          <PersonCalls calls={person.calls ?? []} />
        </section>
      </div>
    </>
  );
}

function HomeBills({ home, title }: { home: PersonHome; title: string }) {
  const t = useText();
  const bills = useQuery({
    queryKey: ['bills', { roomId: home.roomId }],
    queryFn: () => api.get<{ items: Bill[] }>('/bills', { roomId: home.roomId, limit: 24 }),
  });
  return (
    <div className="home">
      <div className="strong">
        {title} <span className="quiet">{t(`role.${home.role}`)}</span>
      </div>
      <QueryView query={bills} rows={2}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="quiet">{t('bills.none')}</p>
          ) : (
            <ul className="plain rows">
              {items.map((bill) => (
                <li key={bill.id}>
                  <span className="figures">{bill.period}</span>
                  <span>{textOf(t, 'bill', bill.kind)}</span>
                  {bill.paidFen >= bill.amountFen ? (
                    <span className="quiet">
                      <Money fen={bill.amountFen} /> {t('bills.paid')}
                    </span>
                  ) : (
                    <Money fen={bill.amountFen - bill.paidFen} isOwed />
                  )}
                </li>
              ))}
            </ul>
          )
        }
      </QueryView>
    </div>
  );
}

function PersonOrders({ person }: { person: PersonCard }) {
  const t = useText();
  const orders = person.workOrders ?? [];
  if (orders.length === 0) return <Empty title={t('orders.none')} />;
  return (
    <ul className="plain rows">
      {orders.map((order) => (
        <li key={order.id}>
          <Link to="/orders/$number" params={{ number: order.number }} className="figures">
            {order.number}
          </Link>
          <StateTag state={order.state} />
          <span className="clip">{order.summary}</span>
        </li>
      ))}
    </ul>
  );
}

function PersonCalls({ calls }: { calls: Call[] }) {
  const t = useText();
  if (calls.length === 0) return <Empty title={t('caller.firstContact')} />;
  return (
    <ul className="plain rows">
      {calls.map((call) => (
        <li key={call.id}>
          <Link to="/calls/$id" params={{ id: call.id }}>
            <Ago at={call.startedAt} />
          </Link>
          <span>{t(`direction.${call.direction}`)}</span>
          <Outcome call={call} />
        </li>
      ))}
    </ul>
  );
}
