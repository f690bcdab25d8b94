import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { AgentReport } from '../../../../../src/contract/queue-reports.ts';
import { api } from '../../../api/client.ts';
import { Empty, QueryView } from '../../../shared/parts/pieces.tsx';
import { RowsTable, type Columns } from '../../../shared/list/table.tsx';
import { useText } from '../../../shared/i18n/language.tsx';
import { timeOf } from './queues-report.tsx';
import { ReportHead, since, type Days } from './report-head.tsx';

type Row = AgentReport['items'][number];

/** What agents were offered, took and missed, and how long they talked. */
export function AgentsReport() {
  const t = useText();
  const [days, setDays] = useState<Days>(30);
  const report = useQuery({
    queryKey: ['reports', 'agents', days],
    queryFn: () => api.get('/reports/agents', { query: { from: since(days) } }),
  });
  const count = (field: 'offered' | 'answered' | 'missed' | 'talks') => ({
    title: t(field === 'offered' ? 'report.rung' : `report.${field}`),
    width: 100,
    render: (_: unknown, row: Row) => <span className="figures">{row[field]}</span>,
  });
  const seconds = (field: 'talkSec' | 'averageTalkSec' | 'averageWrapUpSec') => ({
    title: t(`report.${field}`),
    width: 120,
    render: (_: unknown, row: Row) => <span className="figures">{timeOf(row[field])}</span>,
  });
  const columns: Columns<Row> = [
    { title: t('reportBy.agent'), render: (_, row) => <span className="strong">{row.name}</span> },
    count('offered'),
    count('answered'),
    count('missed'),
    count('talks'),
    seconds('talkSec'),
    seconds('averageTalkSec'),
    seconds('averageWrapUpSec'),
  ];
  return (
    <>
      <ReportHead note={t('report.agentsNote')} days={days} onDays={setDays} />
      <QueryView query={report} rows={6}>
        {({ items }) =>
          items.length === 0 ? (
            <section className="card">
              <Empty title={t('report.noCalls')} />
            </section>
          ) : (
            <RowsTable columns={columns} rows={items} rowKey="key" />
          )
        }
      </QueryView>
    </>
  );
}
