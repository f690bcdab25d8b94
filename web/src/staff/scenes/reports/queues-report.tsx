import { useQuery } from '@tanstack/react-query';
import { Segmented } from 'antd';
import { useState } from 'react';
import type { QueueReport } from '../../../../../src/contract/queue-reports.ts';
import { api } from '../../../api/client.ts';
import { useQueues } from '../../../api/codes.ts';
import { Empty, QueryView } from '../../../shared/parts/pieces.tsx';
import { RowsTable, type Columns } from '../../../shared/list/table.tsx';
import { useEstateName } from '../../parts/use-estate-name.ts';
import { useName, useText } from '../../../shared/i18n/language.tsx';
import { duration } from '../../../shared/i18n/times.ts';
import { ReportHead, since, type Days } from './report-head.tsx';

const groups = ['hotline', 'site', 'queue', 'day', 'hour'] as const;
type Group = (typeof groups)[number];
type Row = QueueReport['items'][number];

/** Callers who wanted a person: how many were answered, and how long they waited. */
export function QueuesReport() {
  const t = useText();
  const [by, setBy] = useState<Group>('hotline');
  const [days, setDays] = useState<Days>(30);
  const report = useQuery({
    queryKey: ['reports', 'queues', by, days],
    queryFn: () => api.get('/reports/queues', { query: { by, from: since(days) } }),
  });
  return (
    <>
      <ReportHead note={t('report.queuesNote')} days={days} onDays={setDays}>
        <Segmented
          aria-label={t('report.by')}
          value={by}
          onChange={setBy}
          options={groups.map((value) => ({ value, label: t(`reportBy.${value}`) }))}
        />
      </ReportHead>
      <QueryView query={report} rows={6}>
        {({ items }) =>
          items.length === 0 ? (
            <section className="card">
              <Empty title={t('report.noCalls')} />
            </section>
          ) : (
            <Rows by={by} rows={items} />
          )
        }
      </QueryView>
    </>
  );
}

function Rows({ by, rows }: { by: Group; rows: readonly Row[] }) {
  const t = useText();
  const name = useName();
  const estateName = useEstateName();
  const queues = useQueues();
  const nameOf = ({ key }: Row): string => {
    if (by === 'hour') return `${key}:00`;
    if (by === 'site') return key === '' ? t('report.unknown') : estateName(key);
    if (by !== 'queue') return key;
    const queue = queues.data?.find((one) => one.queueId === key);
    return queue === undefined ? t('report.unknown') : name(queue.name);
  };
  const count = (field: 'offered' | 'answered' | 'abandoned' | 'callback' | 'overflowed') => ({
    title: t(`report.${field}`),
    width: 92,
    render: (_: unknown, row: Row) => <span className="figures">{row[field]}</span>,
  });
  const seconds = (field: 'averageWaitSec' | 'longestWaitSec' | 'averageTalkSec') => ({
    title: t(`report.${field}`),
    width: 100,
    render: (_: unknown, row: Row) => <span className="figures">{timeOf(row[field])}</span>,
  });
  const columns: Columns<Row> = [
    {
      title: t(`reportBy.${by}`),
      render: (_, row) => <span className="strong figures">{nameOf(row)}</span>,
    },
    count('offered'),
    count('answered'),
    count('abandoned'),
    count('callback'),
    count('overflowed'),
    {
      title: t('report.serviceLevel'),
      width: 100,
      render: (_, { serviceLevel }) => (
        <span className="figures">{serviceLevel === null ? '—' : `${serviceLevel}%`}</span>
      ),
    },
    seconds('averageWaitSec'),
    seconds('longestWaitSec'),
    seconds('averageTalkSec'),
  ];
  return <RowsTable columns={columns} rows={rows} rowKey="key" />;
}

/** Minutes and seconds; a dash where there is nothing to measure. */
export function timeOf(sec: number | null): string {
  return sec === null ? '—' : duration(sec * 1000);
}
