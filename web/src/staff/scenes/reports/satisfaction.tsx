import { satisfactionGroups } from '../../../../../src/contract/codes.ts';
import { useQuery } from '@tanstack/react-query';
import { api } from '../../../api/client.ts';
import { useQueues } from '../../../api/codes.ts';
import { Empty } from '../../../shared/parts/pieces.tsx';
import type { Columns } from '../../../shared/list/columns.ts';
import { useChoices } from '../../../shared/list/use-choices.ts';
import { WholeList } from '../../../shared/list/whole-list.tsx';
import { useName, useText } from '../../../shared/i18n/language.tsx';
import { figure, percents } from './figures.tsx';
import { contentPercent, scores, total, type MarkRow } from './marks.ts';
import { since, useGrouping, usePeriod } from './report-filters.ts';

/** What callers thought of their talk: by queue, agent, hotline or day. */
export function SatisfactionReport() {
  const t = useText();
  const name = useName();
  const queues = useQueues();
  const filters = [useGrouping(satisfactionGroups), usePeriod()];
  const { by: told, days } = useChoices<'by' | 'days'>(filters);
  const by = satisfactionGroups.find((one) => one === told) ?? 'queue';
  const report = useQuery({
    queryKey: ['reports', 'satisfaction', by, days],
    queryFn: () =>
      api
        .get('/reports/satisfaction', { query: { by, from: since(days) } })
        .then(({ items }) => items),
  });
  const all = total(report.data ?? []);
  const nameOf = (row: MarkRow): string => {
    if (row === all) return t('report.all');
    if (by === 'hotline' || by === 'day') return row.key;
    const queue = queues.data?.find((one) => one.queueId === row.key);
    const known = queue === undefined ? row.name : name(queue.name);
    return known === '' ? t('report.unknown') : known;
  };
  const columns: Columns<MarkRow> = [
    {
      key: 'name',
      title: t(`reportBy.${by}`),
      text: nameOf,
      sort: nameOf,
      render: (_, row) => <span className="strong figures">{nameOf(row)}</span>,
    },
    figure('marks', t('report.marks'), (row) => row.marks),
    figure(
      'average',
      t('report.average'),
      (row) => row.average,
      (value) => value.toFixed(2),
    ),
    percents('share', t('report.share'), contentPercent),
    {
      key: 'spread',
      title: t('report.spread'),
      width: 300,
      text: (row) => scores.map((score) => `${score}: ${row.scores[score] ?? 0}`).join('  '),
      render: (_, row) => <Spread row={row} />,
    },
  ];
  return (
    <WholeList<MarkRow>
      name="report-satisfaction"
      query={report}
      filters={filters}
      columns={columns}
      rowKey="key"
      total={(report.data?.length ?? 0) > 1 ? all : undefined}
      empty={<Empty title={t('report.none')}>{t('report.noneHelp')}</Empty>}
    />
  );
}

/** Five bars, one a mark, the tallest the most frequent. */
function Spread({ row }: { row: MarkRow }) {
  const t = useText();
  const most = Math.max(1, ...scores.map((score) => row.scores[score] ?? 0));
  return (
    <ol className="marks">
      {scores.map((score) => {
        const count = row.scores[score] ?? 0;
        return (
          <li key={score} title={t('report.score', { score, count })}>
            <i style={{ height: Math.round((26 * count) / most) }} />
            <span className="figures">{count}</span>
          </li>
        );
      })}
    </ol>
  );
}
