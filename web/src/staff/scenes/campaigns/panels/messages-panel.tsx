import { Select } from 'antd';
import { useState } from 'react';
import { PagedTable } from '../../../../shared/parts/paged-table.tsx';
import { Empty } from '../../../../shared/parts/pieces.tsx';
import { PhoneNumber } from '../../../parts/phone-number.tsx';
import type { Columns } from '../../../../shared/parts/rows-table.tsx';
import { textOf } from '../../../../shared/i18n/i18n.ts';
import { useText } from '../../../../shared/i18n/language.tsx';
import { exact } from '../../../../shared/i18n/times.ts';
import type { Message } from '../campaign.types.ts';
import { MessageTag } from '../message-tag.tsx';

const states = ['queued', 'sending', 'sent', 'delivered', 'failed', 'unknown'] as const;

/** Every text, mail and fax with what became of it; `unknown` is the list to look after. */
export function MessagesPanel({ id }: { id: string }) {
  const t = useText();
  const [state, setState] = useState<Message['state']>();
  const columns: Columns<Message> = [
    {
      title: t('campaign.at'),
      width: 170,
      render: (_, row) => (
        <span className="figures">{exact(new Date(row.sentAt ?? row.createdAt))}</span>
      ),
    },
    { title: t('campaign.state'), width: 190, render: (_, row) => <MessageTag message={row} /> },
    {
      title: t('messages.to'),
      render: (_, row) =>
        row.channel === 'email' ? row.address : <PhoneNumber number={row.address} />,
    },
    {
      title: t('messages.text'),
      render: (_, row) => (
        <>
          {row.subject !== null && <div className="strong">{row.subject}</div>}
          <div className="message-body">{row.body}</div>
          {row.tries > 1 && (
            <span className="quiet">{t('messages.tries', { count: row.tries })}</span>
          )}
        </>
      ),
    },
  ];
  return (
    <>
      <Select
        className="filter gap-below"
        allowClear
        placeholder={t('campaign.anyState')}
        aria-label={t('campaign.state')}
        value={state}
        onChange={setState}
        options={states.map((value) => ({ value, label: textOf(t, 'messageState', value) }))}
      />
      <PagedTable
        path="/campaigns/:id/messages"
        params={{ id }}
        name={`campaign-messages-${id}`}
        query={{ state }}
        columns={columns}
        rowKey="id"
        empty={<Empty title={t('messages.none')} />}
      />
    </>
  );
}
