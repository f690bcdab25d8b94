import { Link } from '@tanstack/react-router';
import { Empty } from '../../../../shared/parts/pieces.tsx';
import { PhoneNumber } from '../../../parts/phone-number.tsx';
import { List } from '../../../../shared/list/list.tsx';
import { textOf } from '../../../../shared/i18n/i18n.ts';
import { useText } from '../../../../shared/i18n/language.tsx';
import { exact } from '../../../../shared/i18n/times.ts';
import type { Attempt } from '../campaign.types.ts';
import type { Columns } from '../../../../shared/list/table.tsx';

/** Every attempt with both numbers, the time and what allowed it. */
export function EvidencePanel({ id }: { id: string }) {
  const t = useText();
  const columns: Columns<Attempt> = [
    {
      title: t('campaign.at'),
      width: 170,
      render: (_, row) => (
        <Link to="/calls/$id" params={{ id: row.callId }} className="figures">
          {exact(new Date(row.createdAt))}
        </Link>
      ),
    },
    { title: t('campaign.number'), render: (_, row) => <PhoneNumber number={row.number} /> },
    { title: t('campaign.shown'), render: (_, row) => <PhoneNumber number={row.callerId} /> },
    {
      title: t('campaign.result'),
      render: (_, row) => (row.result === null ? '—' : textOf(t, 'attemptResult', row.result)),
    },
    { title: t('campaign.allowedBy'), render: (_, row) => <Grounds evidence={row.evidence} /> },
  ];
  return (
    <List
      path="/campaigns/:id/attempts"
        params={{ id }}
      name={`campaign-attempts-${id}`}
      columns={columns}
      rowKey="id"
      empty={<Empty title={t('campaign.noCalls')} />}
    />
  );
}

function Grounds({ evidence }: { evidence: unknown }) {
  const t = useText();
  const { localTime, wish, approvedBy } = (evidence ?? {}) as {
    localTime?: string;
    wish?: string | null;
    approvedBy?: string;
  };
  const time = /T(\d\d:\d\d)/.exec(localTime ?? '')?.[1] ?? '';
  return (
    <span className="quiet">
      {[t('campaign.localTime', { time }), wish ?? '', approvedBy ?? '']
        .filter((part) => part !== '')
        .join(' · ')}
    </span>
  );
}
