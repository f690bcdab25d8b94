import { StopOutlined } from '@ant-design/icons';
import { Link } from '@tanstack/react-router';
import type { ReplyView } from '../../../../../../src/contract/campaigns/campaign-messages.ts';
import { List } from '../../../../shared/list/list.tsx';
import { Empty, Tag } from '../../../../shared/parts/pieces.tsx';
import { PhoneNumber } from '../../../parts/phone-number.tsx';
import type { Columns } from '../../../../shared/list/table.tsx';
import { useText } from '../../../../shared/i18n/language.tsx';
import { exact } from '../../../../shared/i18n/times.ts';

/** What people wrote back; those who asked for an end got it. */
export function RepliesPanel({ id }: { id: string }) {
  const t = useText();
  const columns: Columns<ReplyView> = [
    {
      key: 'at',
      title: t('campaign.at'),
      width: 180,
      text: (row) => exact(new Date(row.receivedAt)),
      sort: (row) => row.receivedAt,
      render: (_, row) => <span className="figures">{exact(new Date(row.receivedAt))}</span>,
    },
    {
      key: 'from',
      title: t('messages.from'),
      text: (row) => [row.personName ?? '', row.number].join(' ').trim(),
      sort: (row) => row.personName,
      small: 'bare',
      render: (_, row) => (
        <>
          {row.personId === null ? (
            <span className="quiet">{t('messages.unknownPerson')}</span>
          ) : (
            <Link to="/people/$id" params={{ id: row.personId }}>
              {row.personName}
            </Link>
          )}{' '}
          <PhoneNumber number={row.number} />
        </>
      ),
    },
    {
      key: 'text',
      title: t('messages.text'),
      text: (row) => row.text,
      small: 'bare',
      render: (_, row) => (
        <>
          <span className="message-body">{row.text}</span>{' '}
          {row.asks === 'stop' && (
            <Tag tone="pause" icon={<StopOutlined />}>
              {t('messages.stop')}
            </Tag>
          )}
        </>
      ),
    },
  ];
  return (
    <List
      path="/campaigns/:id/replies"
      params={{ id }}
      name="campaign-replies"
      columns={columns}
      rowKey="id"
      empty={<Empty title={t('messages.noReplies')} />}
    />
  );
}
