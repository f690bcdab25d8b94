import {
  CheckOutlined,
  ExclamationCircleFilled,
  GlobalOutlined,
  SafetyCertificateOutlined,
  SwapOutlined,
  UserAddOutlined,
} from '@ant-design/icons';
import { Button } from 'antd';
import { Link } from '@tanstack/react-router';
import type { Pop } from '../../../../../src/contract/agents/pop.ts';
import { Ago } from '../../../shared/parts/times.tsx';
import { Key, Money, Tag } from '../../../shared/parts/pieces.tsx';
import { PhoneNumber, Unverified } from '../../parts/phone-number.tsx';
import { useKeys } from '../../../shared/browser/use-keys.ts';
import { textOf } from '../../../shared/i18n/i18n.ts';
import { useName, useText } from '../../../shared/i18n/language.tsx';
import { clockText } from '../../../shared/i18n/times.ts';
import { StateTag } from '../../parts/order-tags.tsx';
import { Flag, Vip } from '../../parts/flag.tsx';
import {
  choicesOf,
  homeOf,
  owedFen,
  personOf,
  unknownOf,
  type Candidate,
  type Home,
} from './pop-facts.ts';

interface CardProps {
  pop: Pop;
  /** Undefined before the call is ours: then it can only be read. */
  onIdentify?: ((personId: string | null, roomId: string | null) => void) | undefined;
  onSearchPerson?: (() => void) | undefined;
  onDial?: ((number: string) => void) | undefined;
}

/** Who calls: to be taken in at a glance before the first word. */
export function CallerCard({ pop, onIdentify, onSearchPerson, onDial }: CardProps) {
  const t = useText();
  const name = useName();
  const person = personOf(pop);
  const home = homeOf(pop, person);
  const isDialled = pop.direction === 'outbound';
  return (
    <article className="card caller" aria-label={t('caller.title')}>
      <header className="caller-head">
        <div className="caller-name">
          {person?.name ?? t(pop.candidates.length > 1 ? 'caller.several' : unknownOf(pop))}
        </div>
        <div className="row wrap">
          {pop.isEmergency && (
            <Tag tone="alarm" icon={<ExclamationCircleFilled />}>
              {t('call.emergency')}
            </Tag>
          )}
          {person?.isVip === true && <Vip />}
          {pop.isVerified && (
            <Tag tone="ok" icon={<SafetyCertificateOutlined />}>
              {t('caller.verified')}
            </Tag>
          )}
          {(person?.language ?? pop.language) === 'en' && (
            <Tag tone="busy" icon={<GlobalOutlined />}>
              English
            </Tag>
          )}
          {person?.flags.map((flag) => (
            <Flag key={flag} flag={flag} />
          ))}
        </div>
      </header>
      <dl className="facts">
        <dt>{t(isDialled ? 'caller.numberDialled' : 'caller.number')}</dt>
        <dd>
          <PhoneNumber
            number={pop.callerNumber}
            onDial={pop.isNumberVerified ? onDial : undefined}
          />{' '}
          {!pop.isNumberVerified && <Unverified />}
        </dd>
        <dt>{t(isDialled ? 'caller.shown' : 'caller.dialled')}</dt>
        <dd>
          <span className="figures">{pop.did}</span> {name(pop.estateName)}
        </dd>
        {home !== undefined && (
          <>
            <dt>{t('caller.home')}</dt>
            <dd className="strong">
              {name(home.estateName)} {home.label}
            </dd>
          </>
        )}
        {person !== undefined && person.notes !== '' && (
          <>
            <dt>{t('person.notes')}</dt>
            <dd>{person.notes}</dd>
          </>
        )}
      </dl>
      {(person === undefined || home === undefined) && (
        <Candidates pop={pop} onIdentify={onIdentify} onSearchPerson={onSearchPerson} />
      )}
      {person !== undefined && home !== undefined && onIdentify !== undefined && (
        <Button
          size="small"
          type="text"
          icon={<SwapOutlined />}
          onClick={() => onIdentify(null, null)}
          className="caller-change"
        >
          {t('caller.change')}
        </Button>
      )}
      {person !== undefined && <Affairs person={person} home={home} />}
      <MenuPath pop={pop} />
    </article>
  );
}

function Candidates({ pop, onIdentify, onSearchPerson }: CardProps) {
  const t = useText();
  const name = useName();
  const choices = choicesOf(pop);
  const chooseAt = (at: number) => {
    const choice = choices[at];
    if (choice !== undefined) onIdentify?.(choice.person.personId, choice.home?.roomId ?? null);
  };
  const keys = choices.slice(0, 9).map((_choice, at) => [`Alt+${at + 1}`, () => chooseAt(at)]);
  useKeys(onIdentify === undefined ? {} : (Object.fromEntries(keys) as Record<string, () => void>));
  return (
    <section className="candidates">
      {choices.length > 0 && <h3>{t('caller.choose')}</h3>}
      {choices.map(({ person, home }, at) => (
        <button
          key={`${person.personId}${home?.roomId ?? ''}`}
          type="button"
          className="candidate"
          disabled={onIdentify === undefined}
          onClick={() => chooseAt(at)}
        >
          <span>
            <strong>{person.name}</strong> {person.isVip && <Vip />}
            <br />
            {home === undefined ? (
              <span className="quiet">{t('caller.noHome')}</span>
            ) : (
              <>
                {name(home.estateName)} {home.label}{' '}
                <span className="quiet">{t(`role.${home.role}`)}</span>
              </>
            )}
          </span>
          <span className="candidate-end">
            {home !== undefined && home.unpaidFen > 0 && <Money fen={home.unpaidFen} isOwed />}
            {onIdentify !== undefined && at < 9 && <Key>{`Alt+${at + 1}`}</Key>}
          </span>
        </button>
      ))}
      {onSearchPerson !== undefined && (
        <Button icon={<UserAddOutlined />} block onClick={onSearchPerson}>
          {t(choices.length === 0 ? 'caller.findUnknown' : 'caller.findOther')} <Key>Ctrl+K</Key>
        </Button>
      )}
    </section>
  );
}

function Affairs({ person, home }: { person: Candidate; home: Home | undefined }) {
  const t = useText();
  const name = useName();
  const owed = owedFen(person);
  const orders = person.homes.flatMap((one) => one.openOrders);
  const orderCount = person.homes.reduce((sum, one) => sum + one.openOrderCount, 0);
  return (
    <>
      <section className="affair-row">
        <div className={`affair${owed > 0 ? ' is-owed' : ''}`}>
          <span className="quiet">{t('caller.owes')}</span>
          <strong>{owed > 0 ? <Money fen={owed} isOwed /> : t('caller.owesNothing')}</strong>
        </div>
        <div className="affair">
          <span className="quiet">{t('caller.openOrders')}</span>
          <strong className="figures">{orderCount}</strong>
        </div>
      </section>
      {person.homes.length > 1 && (
        <section>
          <h3>{t('caller.homes')}</h3>
          <ul className="plain">
            {person.homes.map((one) => (
              <li key={one.roomId} className={one.roomId === home?.roomId ? 'strong' : ''}>
                {one.roomId === home?.roomId && <CheckOutlined />} {name(one.estateName)}{' '}
                {one.label} <span className="quiet">{t(`role.${one.role}`)}</span>{' '}
                {one.unpaidFen > 0 && <Money fen={one.unpaidFen} isOwed />}
              </li>
            ))}
          </ul>
        </section>
      )}
      {orders.length > 0 && (
        <section>
          <h3>{t('caller.openOrders')}</h3>
          <ul className="plain">
            {orders.map((order) => (
              <li key={order.number} className="order-line">
                <Link to="/orders/$number" params={{ number: order.number }} className="figures">
                  {order.number}
                </Link>{' '}
                <StateTag state={order.state} /> {textOf(t, 'kind', order.kind)}
                <div className="clip">{order.summary}</div>
              </li>
            ))}
          </ul>
        </section>
      )}
      <section>
        <h3>{t('caller.lastContacts')}</h3>
        {person.lastContacts.length === 0 && <p className="quiet">{t('caller.firstContact')}</p>}
        <ul className="plain">
          {person.lastContacts.map((contact) => (
            <li key={contact.callId}>
              <Ago at={contact.at} /> {t(`direction.${contact.direction}`)}{' '}
              {contact.outcome !== null && textOf(t, 'outcome', contact.outcome)}{' '}
              <span className="quiet">{contact.agentName}</span>
              {contact.note !== '' && <div className="clip quiet">{contact.note}</div>}
            </li>
          ))}
        </ul>
      </section>
    </>
  );
}

function MenuPath({ pop }: { pop: Pop }) {
  const t = useText();
  if (pop.path.length === 0) return null;
  return (
    <section>
      <h3>{t('caller.path')}</h3>
      <ol className="path">
        {pop.path.map((step, at) => (
          <li key={at} title={clockText(new Date(step.at))}>
            {textOf(t, 'node', step.node)}
            {step.key !== null && <Key>{step.key}</Key>}
          </li>
        ))}
      </ol>
    </section>
  );
}
