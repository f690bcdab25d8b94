import { Empty, Money } from '../../../../shared/parts/pieces.tsx';
import { PhoneNumber } from '../../../parts/phone-number.tsx';
import { List } from '../../../../shared/list/list.tsx';
import { Ago } from '../../../../shared/parts/times.tsx';
import { textOf } from '../../../../shared/i18n/i18n.ts';
import { useText } from '../../../../shared/i18n/language.tsx';
import { ContactTag } from '../campaign-tags.tsx';
import type { Campaign, Contact } from '../campaign.types.ts';
import { mayManage } from '../rights.ts';
import { useStaff } from '../../../../shared/session/session.tsx';
import { MessageTag } from '../message-tag.tsx';
import { mayWriteAgain, WriteAgain } from '../write-again.tsx';
import type { Columns } from '../../../../shared/list/table.tsx';

const states = ['waiting', 'dialling', 'reached', 'unreached', 'excluded', 'stopped'] as const;

/** Every home with its one result; `unreached` is the list of those to see in person. */
export function PeoplePanel({ campaign: { id, state: campaignState } }: { campaign: Campaign }) {
  const t = useText();
  const isCut = campaignState === 'stopped' || campaignState === 'cancelled';
  const mayWrite = mayManage(useStaff().role);
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
      key: 'owed',
      title: t('campaign.owed'),
      align: 'right',
      sort: (row) => row.owedFen,
      render: (_, row) => (row.owedFen === null ? '—' : <Money fen={row.owedFen} />),
    },
    {
      key: 'tries',
      title: t('campaign.tries'),
      width: 70,
      align: 'right',
      sort: (row) => row.attempts,
      render: (_, row) => row.attempts,
    },
    { title: t('campaign.at'), width: 120, render: (_, row) => <Ago at={row.finishedAt} /> },
  ];
  return (
    <List
      path="/campaigns/:id/contacts"
        params={{ id }}
      name={`campaign-contacts-${id}`}
      filters={[
        {
          key: 'contactState',
          asked: 'state',
          label: t('campaign.state'),
          any: t('campaign.anyState'),
          options: states.map((value) => ({ value, label: t(`contactState.${value}`) })),
        },
      ]}
      columns={columns}
      rowKey="id"
      empty={<Empty title={t('form.nothingYet')} />}
    />
  );
}
