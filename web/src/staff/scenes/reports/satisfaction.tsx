import { useQuery } from '@tanstack/react-query';
import { Segmented } from 'antd';
import { useState } from 'react';
import { api } from '../../../api/client.ts';
import { useQueues } from '../../../api/codes.ts';
import { Empty, QueryView } from '../../../shared/parts/pieces.tsx';
import { RowsTable, type Columns } from '../../../shared/list/table.tsx';
import { useName, useText } from '../../../shared/i18n/language.tsx';
import { contentPercent, scores, total, type MarkRow } from './marks.ts';
import { ReportHead, since, type Days } from './report-head.tsx';

const groups = ['queue', 'agent', 'hotline', 'day'] as const;

/** What callers thought of their talk: by queue, agent, hotline or day. */
export function SatisfactionReport() {
  const t = useText();
  const [by, setBy] = useState<(typeof groups)[number]>('queue');
  const [days, setDays] = useState<Days>(30);
  const report = useQuery({
    queryKey: ['reports', 'satisfaction', by, days],
    queryFn: () => api.get('/reports/satisfaction', { query: { by, from: since(days) } }),
  });
  return (
    <>
      <ReportHead note={t('report.note')} days={days} onDays={setDays}>
        <Segmented
          aria-label={t('report.by')}
          value={by}
          onChange={setBy}
          options={groups.map((value) => ({ value, label: t(`reportBy.${value}`) }))}
        />
      </ReportHead>
      <QueryView query={report} rows={6}>
        {({ items }) => <Marks by={by} rows={items} />}
      </QueryView>
    </>
  );
}

function Marks({ by, rows }: { by: (typeof groups)[number]; rows: readonly MarkRow[] }) {
  const t = useText();
  const name = useName();
  const queues = useQueues();
  const all = total(rows);
  if (all === undefined) {
    return (
      <section className="card">
        <Empty title={t('report.none')}>{t('report.noneHelp')}</Empty>
      </section>
    );
  }
  const nameOf = (row: MarkRow): string => {
    if (row === all) return t('report.all');
    if (by === 'hotline' || by === 'day') return row.key;
    const queue = queues.data?.find((one) => one.queueId === row.key);
    const known = queue === undefined ? row.name : name(queue.name);
    return known === '' ? t('report.unknown') : known;
  };
  const columns: Columns<MarkRow> = [
    {
      title: t(`reportBy.${by}`),
      render: (_, row) => <span className="strong">{nameOf(row)}</span>,
    },
    {
      title: t('report.marks'),
      width: 100,
      render: (_, row) => <span className="figures">{row.marks}</span>,
    },
    {
      title: t('report.average'),
      width: 100,
      render: (_, row) => <span className="figures">{row.average.toFixed(2)}</span>,
    },
    {
      title: t('report.share'),
      width: 100,
      render: (_, row) => <span className="figures">{contentPercent(row)}%</span>,
    },
    { title: t('report.spread'), width: 300, render: (_, row) => <Spread row={row} /> },
  ];
  return (
    <RowsTable columns={columns} rows={rows.length > 1 ? [all, ...rows] : rows} rowKey="key" />
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
