import { messageStates } from '../../../../../../src/contract/codes.ts';
import { List } from '../../../../shared/list/list.tsx';
import { Empty } from '../../../../shared/parts/pieces.tsx';
import { PhoneNumber } from '../../../parts/phone-number.tsx';
import type { Columns } from '../../../../shared/list/table.tsx';
import { textOf } from '../../../../shared/i18n/i18n.ts';
import { useText } from '../../../../shared/i18n/language.tsx';
import { exact } from '../../../../shared/i18n/times.ts';
import type { Message } from '../campaign.types.ts';
import { messageStateText, MessageTag } from '../message-tag.tsx';

/** Every text, mail and fax with what became of it; `unknown` is the list to look after. */
export function MessagesPanel({ id }: { id: string }) {
  const t = useText();
  const atOf = ({ sentAt, createdAt }: Message) => exact(new Date(sentAt ?? createdAt));
  const columns: Columns<Message> = [
    {
      key: 'at',
      title: t('campaign.at'),
      width: 180,
      text: atOf,
      sort: atOf,
      render: (_, row) => <span className="figures">{atOf(row)}</span>,
    },
    {
      key: 'state',
      title: t('campaign.state'),
      width: 190,
      text: (row) => messageStateText(t, row),
      sort: (row) => messageStateText(t, row),
      small: 'beside',
      render: (_, row) => <MessageTag message={row} />,
    },
    {
      key: 'to',
      title: t('messages.to'),
      text: (row) => row.address,
      small: 'bare',
      render: (_, row) =>
        row.channel === 'email' ? row.address : <PhoneNumber number={row.address} />,
    },
    {
      key: 'text',
      title: t('messages.text'),
      text: (row) => [row.subject, row.body].filter((one) => one !== null).join('\n'),
      small: 'bare',
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
    <List
      path="/campaigns/:id/messages"
      params={{ id }}
      name="campaign-messages"
      filters={[
        {
          key: 'state',
          label: t('campaign.state'),
          any: t('campaign.anyState'),
          options: messageStates.map((value) => ({
            value,
            label: textOf(t, 'messageState', value),
          })),
        },
      ]}
      columns={columns}
      rowKey="id"
      empty={<Empty title={t('messages.none')} />}
    />
  );
}
