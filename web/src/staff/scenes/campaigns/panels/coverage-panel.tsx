import { useQuery } from '@tanstack/react-query';
import { api } from '../../../../api/client.ts';
import { Empty } from '../../../../shared/parts/pieces.tsx';
import type { Column, Columns } from '../../../../shared/list/columns.ts';
import type { Filter } from '../../../../shared/list/filters.ts';
import { useChoices } from '../../../../shared/list/use-choices.ts';
import { WholeList } from '../../../../shared/list/whole-list.tsx';
import { textOf } from '../../../../shared/i18n/i18n.ts';
import { useText } from '../../../../shared/i18n/language.tsx';
import type { ResultRow } from '../../../../../../src/contract/campaigns/results.ts';

const groups = ['building', 'hour'] as const;

/** Whom it reached: by building, so that somebody can knock on the doors left, or by hour. */
export function CoveragePanel({ id }: { id: string }) {
  const t = useText();
  const filters: Filter<'by'>[] = [
    {
      key: 'by',
      label: t('campaign.groupBy'),
      usual: 'building',
      options: [
        { value: 'building', label: t('campaign.byBuilding') },
        { value: 'hour', label: t('campaign.byHour') },
      ],
    },
  ];
  const { by: told } = useChoices(filters);
  const by = groups.find((one) => one === told) ?? 'building';
  const results = useQuery({
    queryKey: ['campaigns', id, 'results', by],
    queryFn: () =>
      api
        .get('/campaigns/:id/results', { params: { id }, query: { by } })
        .then(({ items }) => items),
  });
  const nameOf = ({ key }: ResultRow) =>
    key === '' ? t('campaign.noBuilding') : by === 'hour' ? `${key}:00` : key;
  const codes = [...new Set((results.data ?? []).flatMap(({ counts }) => Object.keys(counts)))];
  const prefix = by === 'building' ? 'contactState' : 'attemptResult';
  const columns: Columns<ResultRow> = [
    {
      key: 'name',
      title: t(`campaign.${by}`),
      text: nameOf,
      sort: nameOf,
      render: (_, row) => <span className="strong figures">{nameOf(row)}</span>,
    },
    ...(by === 'building' ? [share(t('campaign.share'))] : []),
    ...codes.map((code): Column<ResultRow> => {
      const count = ({ counts }: ResultRow) => counts[code] ?? 0;
      return {
        key: code,
        title: textOf(t, prefix, code),
        align: 'right',
        text: count,
        sort: count,
        render: (_, row) => count(row),
      };
    }),
  ];
  return (
    <WholeList<ResultRow>
      name={`campaign-results-${by}`}
      query={results}
      filters={filters}
      columns={columns}
      rowKey="key"
      empty={<Empty title={t('campaign.noCalls')} />}
    />
  );
}

function share(title: string): Column<ResultRow> {
  return {
    key: 'share',
    title,
    width: 220,
    text: (row) => `${shareOf(row)}%`,
    sort: shareOf,
    render: (_, row) => (
      <span className="share">
        <span className="campaign-bar">
          <i style={{ width: `${shareOf(row)}%` }} />
        </span>
        <span className="figures">{shareOf(row)}%</span>
      </span>
    ),
  };
}

function shareOf({ counts }: ResultRow): number {
  const all = Object.values(counts).reduce((sum, one) => sum + one, 0);
  return all === 0 ? 0 : Math.round((100 * (counts['reached'] ?? 0)) / all);
}
