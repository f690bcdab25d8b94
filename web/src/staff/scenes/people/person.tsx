import { SafetyCertificateOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { api } from '../../../api/client.ts';
import type { Bill, PersonDetail, PersonHome } from '../../../api/types.ts';
import { BillRows } from '../../parts/bill-rows.tsx';
import { Empty, Money, PageHead, QueryView, Tag } from '../../../shared/parts/pieces.tsx';
import { PhoneNumber } from '../../parts/phone-number.tsx';
import { Ago } from '../../../shared/parts/times.tsx';
import { textOf } from '../../../shared/i18n/i18n.ts';
import { useLanguage, useText } from '../../../shared/i18n/language.tsx';
import { useIsSeated } from '../../softphone/use-phone.tsx';
import { useDial } from '../../softphone/use-dial.ts';
import { Outcome } from '../calls/calls.tsx';
import { Vip } from '../../parts/flag.tsx';
import { Addresses, useSavePerson, Verified } from './addresses.tsx';
import { Choices } from './choices.tsx';
import { SeverityTag, StateTag } from '../../parts/order-tags.tsx';
import './people.css';

/** Everything about one person: homes, debts, orders, contacts. */
export function PersonPage() {
  const { id } = useParams({ strict: false });
  const person = useQuery({
    queryKey: ['owners', 'one', id],
    queryFn: () => api.get('/owners/:id', { params: { id: id ?? '' } }),
  });
  return (
    <main>
      <QueryView query={person} rows={10}>
        {(one) => <PersonView person={one} />}
      </QueryView>
    </main>
  );
}

function PersonView({ person }: { person: PersonDetail }) {
  const t = useText();
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
        {person.hasPin && (
          <Tag tone="ok" icon={<SafetyCertificateOutlined />}>
            {t('person.hasPin')}
          </Tag>
        )}
      </PageHead>
      <div className="two-columns">
        <section className="card pad">
          <Facts person={person} />
          <h3>{t('caller.homes')}</h3>
          {person.homes.length === 0 && <Empty title={t('person.noHomes')} />}
          {person.homes.map((home) => (
            <HomeBills
              key={home.occupancyId}
              home={home}
              bills={person.bills.filter((bill) => bill.roomId === home.roomId)}
            />
          ))}
        </section>
        <section className="card pad">
          <h3>{t('caller.openOrders')}</h3>
          <Orders person={person} />
          <h3>{t('caller.lastContacts')}</h3>
          <Contacts person={person} />
          <h3>{t('person.choices')}</h3>
          <p className="quiet">{t('person.choicesHelp')}</p>
          <Choices person={person} />
        </section>
      </div>
    </>
  );
}

function Facts({ person }: { person: PersonDetail }) {
  const t = useText();
  const dial = useDial();
  const isSeated = useIsSeated();
  const { save } = useSavePerson(person.id);
  return (
    <dl className="facts">
      <dt>{t('person.numbers')}</dt>
      <dd>
        {person.phones.map((phone) => (
          <div key={phone.id}>
            <PhoneNumber
              number={phone.number}
              onDial={isSeated ? (number) => dial({ number, personId: person.id }) : undefined}
            />{' '}
            {phone.isPrimary && <span className="quiet">{t('person.primary')}</span>}{' '}
            <Verified
              how={phone.verifiedHow}
              onChange={(verifiedHow) =>
                void save(() =>
                  api.patch('/owners/:id/phones/:phoneId', {
                    params: { id: person.id, phoneId: phone.id },
                    body: { verifiedHow },
                  }),
                )
              }
            />
          </div>
        ))}
      </dd>
      <dt>{t('person.addresses')}</dt>
      <dd>
        <Addresses person={person} />
      </dd>
      <dt>{t('caller.owes')}</dt>
      <dd>
        {person.unpaidFen > 0 ? <Money fen={person.unpaidFen} isOwed /> : t('caller.owesNothing')}
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
  );
}

function HomeBills({ home, bills }: { home: PersonHome; bills: readonly Bill[] }) {
  const t = useText();
  const { language } = useLanguage();
  return (
    <div className="home">
      <div className="strong">
        {language === 'en' ? home.estateNameEn : home.estateName} {home.label}{' '}
        <span className="quiet">{t(`role.${home.role}`)}</span>
      </div>
      {bills.length === 0 && <p className="quiet">{t('bills.none')}</p>}
      <BillRows bills={bills} />
    </div>
  );
}

function Orders({ person }: { person: PersonDetail }) {
  const t = useText();
  if (person.openOrders.length === 0) return <Empty title={t('orders.none')} />;
  return (
    <ul className="plain rows">
      {person.openOrders.map((order) => (
        <li key={order.number}>
          <Link to="/orders/$number" params={{ number: order.number }} className="figures">
            {order.number}
          </Link>
          <StateTag state={order.state} />
          <SeverityTag severity={order.severity} />
          <span className="clip">{order.summary}</span>
        </li>
      ))}
    </ul>
  );
}

/** Calls and their texts to us, the latest first. */
function Contacts({ person }: { person: PersonDetail }) {
  const t = useText();
  const contacts = [
    ...person.lastCalls.map((call) => ({ at: call.startedAt, call })),
    ...person.lastTexts.map((text) => ({ at: text.receivedAt, text })),
  ].sort((a, b) => (a.at < b.at ? 1 : -1));
  if (contacts.length === 0) return <Empty title={t('caller.firstContact')} />;
  return (
    <ul className="plain rows">
      {contacts.map((one) =>
        'call' in one ? (
          <li key={one.call.id}>
            <Link to="/calls/$id" params={{ id: one.call.id }}>
              <Ago at={one.call.startedAt} />
            </Link>
            <span>{textOf(t, 'direction', one.call.direction)}</span>
            <Outcome call={one.call} />
          </li>
        ) : (
          <li key={one.text.id}>
            <Ago at={one.text.receivedAt} />
            <span>{t('person.theirText')}</span>
            <span className="grow">{one.text.text}</span>
            {one.text.asks === 'stop' && <Tag tone="pause">{t('messages.stop')}</Tag>}
          </li>
        ),
      )}
    </ul>
  );
}
