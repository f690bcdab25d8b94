import { Link } from '@tanstack/react-router';
import { Empty } from '../../../../shared/parts/pieces.tsx';
import { PhoneNumber } from '../../../parts/phone-number.tsx';
import { List } from '../../../../shared/list/list.tsx';
import { textOf, type Translate } from '../../../../shared/i18n/i18n.ts';
import { useText } from '../../../../shared/i18n/language.tsx';
import { exact } from '../../../../shared/i18n/times.ts';
import type { Attempt } from '../campaign.types.ts';
import type { Columns } from '../../../../shared/list/table.tsx';

/** Every attempt with both numbers, the time and what allowed it. */
export function EvidencePanel({ id }: { id: string }) {
  const t = useText();
  const resultOf = ({ result }: Attempt) =>
    result === null ? '—' : textOf(t, 'attemptResult', result);
  const columns: Columns<Attempt> = [
    {
      key: 'at',
      title: t('campaign.at'),
      width: 180,
      text: (row) => exact(new Date(row.createdAt)),
      sort: (row) => row.createdAt,
      render: (_, row) => (
        <Link to="/calls/$id" params={{ id: row.callId }} className="figures">
          {exact(new Date(row.createdAt))}
        </Link>
      ),
    },
    {
      key: 'number',
      title: t('campaign.number'),
      text: (row) => row.number,
      render: (_, row) => <PhoneNumber number={row.number} />,
    },
    {
      key: 'shown',
      title: t('campaign.shown'),
      text: (row) => row.callerId,
      render: (_, row) => <PhoneNumber number={row.callerId} />,
    },
    {
      key: 'result',
      title: t('campaign.result'),
      text: resultOf,
      sort: resultOf,
      small: 'beside',
      render: (_, row) => resultOf(row),
    },
    {
      key: 'allowedBy',
      title: t('campaign.allowedBy'),
      text: (row) => groundsOf(t, row.evidence),
      small: 'bare',
      render: (_, row) => <span className="quiet">{groundsOf(t, row.evidence)}</span>,
    },
  ];
  return (
    <List
      path="/campaigns/:id/attempts"
      params={{ id }}
      name="campaign-attempts"
      columns={columns}
      rowKey="id"
      empty={<Empty title={t('campaign.noCalls')} />}
    />
  );
}

function groundsOf(t: Translate, evidence: unknown): string {
  const { localTime, wish, approvedBy } = (evidence ?? {}) as {
    localTime?: string;
    wish?: string | null;
    approvedBy?: string;
  };
  const time = /T(\d\d:\d\d)/.exec(localTime ?? '')?.[1] ?? '';
  return [t('campaign.localTime', { time }), wish ?? '', approvedBy ?? '']
    .filter((part) => part !== '')
    .join(' · ');
}
