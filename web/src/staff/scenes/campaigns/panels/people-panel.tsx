import { contactStates } from '../../../../../../src/contract/codes.ts';
import { Empty, Money } from '../../../../shared/parts/pieces.tsx';
import { useHomeText } from '../../../parts/use-home-text.ts';
import { PhoneNumbers } from '../../../parts/phone-number.tsx';
import { List } from '../../../../shared/list/list.tsx';
import { Ago } from '../../../../shared/parts/times.tsx';
import { textOf } from '../../../../shared/i18n/i18n.ts';
import { useText } from '../../../../shared/i18n/language.tsx';
import { exact } from '../../../../shared/i18n/times.ts';
import { ContactTag } from '../campaign-tags.tsx';
import type { Campaign, Contact } from '../campaign.types.ts';
import { useMay } from '../../../../shared/session/session.tsx';
import { messageStateText, MessageTag } from '../message-tag.tsx';
import { mayWriteAgain, WriteAgain } from '../write-again.tsx';
import type { Columns } from '../../../../shared/list/table.tsx';

/** Every home with its one result; `unreached` is the list of those to see in person. */
export function PeoplePanel({ campaign: { id, state: campaignState } }: { campaign: Campaign }) {
  const t = useText();
  const homeText = useHomeText();
  const isCut = campaignState === 'stopped' || campaignState === 'cancelled';
  const mayWrite = useMay()('campaigns.write');
  const resultOf = ({ result }: Contact) =>
    result === null ? '' : textOf(t, 'attemptResult', result);
  const refusalOf = ({ refusal }: Contact) =>
    refusal === null ? '' : textOf(t, 'refusal', refusal);
  const columns: Columns<Contact> = [
    {
      key: 'person',
      title: t('campaign.person'),
      text: (row) => [row.name, homeText(row.estateId, row.roomLabel)].join(' ').trim(),
      sort: (row) => row.name,
      render: (_, row) => (
        <>
          <span className="strong">{row.name}</span>{' '}
          <span className="quiet">{homeText(row.estateId, row.roomLabel)}</span>
        </>
      ),
    },
    {
      key: 'state',
      title: t('campaign.state'),
      width: 120,
      text: (row) => textOf(t, 'contactState', row.state),
      sort: (row) => textOf(t, 'contactState', row.state),
      small: 'beside',
      render: (_, row) => <ContactTag state={row.state} />,
    },
    {
      key: 'result',
      title: t('campaign.result'),
      text: (row) => `${resultOf(row)} ${refusalOf(row)}`.trim(),
      sort: resultOf,
      render: (_, row) => (
        <>
          {resultOf(row)} <span className="quiet">{refusalOf(row)}</span>
        </>
      ),
    },
    {
      key: 'messages',
      title: t('messages.title'),
      text: (row) => row.messages.map((one) => messageStateText(t, one)).join('；'),
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
      key: 'numbers',
      title: t('campaign.number'),
      text: (row) => row.numbers.join(' '),
      small: 'bare',
      render: (_, row) => <PhoneNumbers numbers={row.numbers} />,
    },
    {
      key: 'owed',
      title: t('campaign.owed'),
      align: 'right',
      text: (row) => (row.owedFen === null ? null : row.owedFen / 100),
      sort: (row) => row.owedFen,
      render: (_, row) => (row.owedFen === null ? '—' : <Money fen={row.owedFen} />),
    },
    {
      key: 'tries',
      title: t('campaign.tries'),
      width: 100,
      align: 'right',
      text: (row) => row.attempts,
      sort: (row) => row.attempts,
      render: (_, row) => row.attempts,
    },
    {
      key: 'finishedAt',
      title: t('campaign.at'),
      width: 130,
      text: (row) => (row.finishedAt === null ? '' : exact(new Date(row.finishedAt))),
      sort: (row) => row.finishedAt,
      render: (_, row) => <Ago at={row.finishedAt} />,
    },
  ];
  return (
    <List
      path="/campaigns/:id/contacts"
      params={{ id }}
      name="campaign-contacts"
      filters={[
        {
          key: 'state',
          label: t('campaign.state'),
          any: t('campaign.anyState'),
          options: contactStates.map((value) => ({ value, label: t(`contactState.${value}`) })),
        },
      ]}
      columns={columns}
      rowKey="id"
      empty={<Empty title={t('form.nothingYet')} />}
    />
  );
}
