import { Select } from 'antd';
import { useState } from 'react';
import { Empty, Money } from '../../../../shared/parts/pieces.tsx';
import { PhoneNumber } from '../../../parts/phone-number.tsx';
import { PagedTable } from '../../../../shared/parts/paged-table.tsx';
import { Ago } from '../../../../shared/parts/times.tsx';
import { textOf } from '../../../../shared/i18n/i18n.ts';
import { useText } from '../../../../shared/i18n/language.tsx';
import { ContactTag } from '../campaign-tags.tsx';
import type { Campaign, Contact } from '../campaign.types.ts';
import { mayManage } from '../rights.ts';
import { useStaff } from '../../../../shared/session/session.tsx';
import { MessageTag } from '../message-tag.tsx';
import { mayWriteAgain, WriteAgain } from '../write-again.tsx';
import type { Columns } from '../../../../shared/parts/rows-table.tsx';

const states = ['waiting', 'dialling', 'reached', 'unreached', 'excluded', 'stopped'] as const;

/** Every home with its one result; `unreached` is the list of those to see in person. */
export function PeoplePanel({ campaign: { id, state: campaignState } }: { campaign: Campaign }) {
  const t = useText();
  const isCut = campaignState === 'stopped' || campaignState === 'cancelled';
  const mayWrite = mayManage(useStaff().role);
  const [state, setState] = useState<string>();
  const columns: Columns<Contact> = [
    {
      title: t('campaign.person'),
      render: (_, row) => (
        <>
          <span className="strong">{row.name}</span>{' '}
          <span className="quiet">{row.roomLabel ?? ''}</span>
        </>
      ),
    },
    {
      title: t('campaign.state'),
      width: 120,
      render: (_, row) => <ContactTag state={row.state} />,
    },
    {
      title: t('campaign.result'),
      render: (_, row) => (
        <>
          {row.result === null ? '' : textOf(t, 'attemptResult', row.result)}{' '}
          <span className="quiet">
            {row.refusal === null ? '' : textOf(t, 'refusal', row.refusal)}
          </span>
        </>
      ),
    },
    {
      title: t('messages.title'),
      render: (_, row) => (
        <>
          {row.messages.map((one, at) => (
            <MessageTag key={at} message={one} />
          ))}
          {mayWrite && !isCut && mayWriteAgain(row) && <WriteAgain campaignId={id} contact={row} />}
        </>
      ),
    },
    {
      title: t('campaign.number'),
      render: (_, row) => row.numbers.map((number) => <PhoneNumber key={number} number={number} />),
    },
    {
      title: t('campaign.owed'),
      render: (_, row) => (row.owedFen === null ? '—' : <Money fen={row.owedFen} />),
    },
    { title: t('campaign.tries'), width: 70, render: (_, row) => row.attempts },
    { title: t('campaign.at'), width: 120, render: (_, row) => <Ago at={row.finishedAt} /> },
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
        options={states.map((value) => ({ value, label: t(`contactState.${value}`) }))}
      />
      <PagedTable
        path="/campaigns/:id/contacts"
        params={{ id }}
        name={`campaign-contacts-${id}`}
        query={{ state }}
        columns={columns}
        rowKey="id"
        empty={<Empty title={t('form.nothingYet')} />}
      />
    </>
  );
}
