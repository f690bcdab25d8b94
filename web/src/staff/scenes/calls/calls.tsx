import { PhoneOutlined } from '@ant-design/icons';
import type { ReactNode } from 'react';
import { Link, useNavigate } from '@tanstack/react-router';
import type { Call } from '../../../api/types.ts';
import { Empty, PageHead, Tag } from '../../../shared/parts/pieces.tsx';
import { DemoData } from '../../parts/demo-data.tsx';
import { PhoneNumber, Unverified } from '../../parts/phone-number.tsx';
import { List } from '../../../shared/list/list.tsx';
import { Ago } from '../../../shared/parts/times.tsx';
import { useEstateFilter } from '../../parts/use-estate-filter.ts';
import { useEstateName } from '../../parts/use-estate-name.ts';
import { textOf, type Translate } from '../../../shared/i18n/i18n.ts';
import { useText } from '../../../shared/i18n/language.tsx';
import { duration, exact } from '../../../shared/i18n/times.ts';
import { useIsSeated } from '../../softphone/use-phone.tsx';
import { useDial } from '../../softphone/use-dial.ts';
import type { Columns } from '../../../shared/list/table.tsx';

export function CallsPage() {
  const t = useText();
  const navigate = useNavigate();
  const estateName = useEstateName();
  const estates = useEstateFilter();
  const dial = useDial();
  const isSeated = useIsSeated();
  const columns: Columns<Call> = [
    {
      key: 'startedAt',
      title: t('call.startedAt'),
      text: (call) => exact(new Date(call.startedAt)),
      sort: (call) => call.startedAt,
      width: 130,
      render: (_, call) => (
        <Link to="/calls/$id" params={{ id: call.id }}>
          <Ago at={call.startedAt} />
        </Link>
      ),
    },
    {
      key: 'direction',
      title: t('call.direction'),
      text: (call) => t(`direction.${call.direction}`),
      small: 'none',
      width: 90,
      render: (_, call) => t(`direction.${call.direction}`),
    },
    {
      key: 'number',
      title: t('call.number'),
      text: (call) => call.callerNumber,
      sort: (call) => call.callerNumber,
      width: 150,
      small: 'bare',
      render: (_, call) => (
        <>
          <PhoneNumber
            number={call.callerNumber}
            onDial={isSeated && call.isNumberVerified ? (number) => dial({ number }) : undefined}
          />{' '}
          {!call.isNumberVerified && <Unverified />}
        </>
      ),
    },
    {
      key: 'person',
      title: t('call.person'),
      text: (call) => call.personName,
      sort: (call) => call.personName,
      width: 110,
      small: 'bare',
      render: (_, call) =>
        call.personId === null ? (
          <span className="quiet">—</span>
        ) : (
          <Link to="/people/$id" params={{ id: call.personId }}>
            {call.personName ?? t('order.person')}
          </Link>
        ),
    },
    {
      key: 'hotline',
      title: t('call.hotline'),
      text: (call) => `${call.did} ${estateName(call.estateId)}`.trim(),
      width: 170,
      render: (_, call) => (
        <>
          <span className="figures">{call.did}</span> {estateName(call.estateId)}
        </>
      ),
    },
    {
      key: 'outcome',
      title: t('call.outcome'),
      text: (call) => outcomeText(t, call),
      sort: (call) => outcomeText(t, call),
      small: 'beside',
      render: (_, call) => <Outcome call={call} />,
    },
    {
      key: 'agents',
      title: t('call.agents'),
      text: agentNames,
      sort: agentNames,
      render: (_, call) => agentsOf(call),
    },
    {
      key: 'duration',
      title: t('call.duration'),
      text: lengthOf,
      sort: secondsOf,
      width: 90,
      align: 'right',
      render: (_, call) => <span className="figures">{lengthOf(call)}</span>,
    },
  ];
  return (
    <main>
      <PageHead title={t('nav.calls')}>
        <DemoData />
      </PageHead>
      <List
        path="/calls"
        name="calls"
        search={t('calls.search')}
        hint={t('calls.searchHelp')}
        filters={[
          ...estates,
          {
            key: 'mine',
            label: t('calls.whose'),
            any: t('calls.everybody'),
            options: [{ value: 'true', label: t('calls.mine') }],
          },
        ]}
        columns={columns}
        rowKey="id"
        empty={<Empty title={t('calls.none')}>{t('calls.noneHelp')}</Empty>}
        onOpen={(call) => void navigate({ to: '/calls/$id', params: { id: call.id } })}
      />
    </main>
  );
}

type Ended = Pick<Call, 'endedAt' | 'outcome'> & { direction: string };

export function Outcome({ call }: { call: Ended }) {
  const t = useText();
  if (call.endedAt === null) {
    return (
      <Tag tone="busy" icon={<PhoneOutlined />}>
        {t('call.live')}
      </Tag>
    );
  }
  return <span className={call.outcome === null ? 'quiet' : ''}>{outcomeText(t, call)}</span>;
}

function outcomeText(t: Translate, call: Ended): string {
  if (call.endedAt === null) return t('call.live');
  if (call.outcome !== null) return textOf(t, 'outcome', call.outcome);
  return t(call.direction === 'outbound' ? 'outcome.unreached' : 'outcome.none');
}

/** Who has talked in it, in that order. */
export function agentsOf({ agents }: Pick<Call, 'agents'>): ReactNode {
  if (agents.length === 0) return <span className="quiet">—</span>;
  return agentNames({ agents });
}

function agentNames({ agents }: Pick<Call, 'agents'>): string {
  return agents.map(({ displayName }) => displayName).join(' → ');
}

function secondsOf(call: Call): number | null {
  if (call.endedAt === null) return null;
  return (Date.parse(call.endedAt) - Date.parse(call.startedAt)) / 1000;
}

export function lengthOf(call: Call): string {
  if (call.endedAt === null) return '—';
  return duration(Date.parse(call.endedAt) - Date.parse(call.startedAt));
}
