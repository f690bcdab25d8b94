import { callStandings } from '../../../../../../src/contract/codes.ts';
import type { CalledView } from '../../../../../../src/contract/campaigns/audience.ts';
import { List } from '../../../../shared/list/list.tsx';
import { Empty, Money } from '../../../../shared/parts/pieces.tsx';
import { useHomeText } from '../../../parts/use-home-text.ts';
import { PhoneNumbers } from '../../../parts/phone-number.tsx';
import type { Columns } from '../../../../shared/list/table.tsx';
import { textOf } from '../../../../shared/i18n/i18n.ts';
import { useText } from '../../../../shared/i18n/language.tsx';

/** Before it starts: every home that would be called, and who is left out and why. */
export function AudiencePanel({ id, hasDebts }: { id: string; hasDebts: boolean }) {
  const t = useText();
  const homeText = useHomeText();
  const homeOf = ({ estateId, roomLabels }: CalledView) =>
    homeText(estateId, roomLabels.length === 0 ? null : roomLabels.join(' · '));
  const columns: Columns<CalledView> = [
    {
      key: 'name',
      title: t('campaign.person'),
      text: (row) => row.name,
      sort: (row) => row.name,
      render: (_, row) => <span className="strong">{row.name}</span>,
    },
    {
      key: 'home',
      title: t('campaign.home'),
      text: homeOf,
      sort: homeOf,
      small: 'bare',
      render: (_, row) => homeOf(row) || '—',
    },
    {
      key: 'numbers',
      title: t('campaign.number'),
      text: (row) => row.numbers.join(' '),
      render: (_, row) => <PhoneNumbers numbers={row.numbers} />,
    },
    {
      key: 'standing',
      title: t('campaign.standing'),
      text: (row) =>
        [t(`standing.${row.state}`), row.refusal === null ? '' : textOf(t, 'refusal', row.refusal)]
          .join(' ')
          .trim(),
      sort: (row) => t(`standing.${row.state}`),
      render: (_, row) => (
        <>
          {t(`standing.${row.state}`)}{' '}
          <span className="quiet">
            {row.refusal === null ? '' : textOf(t, 'refusal', row.refusal)}
          </span>
        </>
      ),
    },
    ...(hasDebts
      ? [
          {
            key: 'owed',
            title: t('campaign.owed'),
            text: (row: CalledView) => (row.owedFen === null ? null : row.owedFen / 100),
            sort: (row: CalledView) => row.owedFen,
            align: 'right' as const,
            render: (_: unknown, row: CalledView) =>
              row.owedFen === null ? '—' : <Money fen={row.owedFen} />,
          },
        ]
      : []),
  ];
  return (
    <section>
      <h2>{t('campaign.whom')}</h2>
      <List
        path="/campaigns/:id/audience"
        params={{ id }}
        name="campaign-audience"
        filters={[
          {
            key: 'state',
            label: t('campaign.standing'),
            any: t('campaign.everybody'),
            options: callStandings.map((value) => ({ value, label: t(`standing.${value}`) })),
          },
        ]}
        columns={columns}
        rowKey="position"
        empty={<Empty title={t('form.nothingYet')} />}
      />
    </section>
  );
}
