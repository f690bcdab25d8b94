import { useQuery } from '@tanstack/react-query';
import type { AgentReport } from '../../../../../src/contract/agents/queue-reports.ts';
import { api } from '../../../api/client.ts';
import { Empty } from '../../../shared/parts/pieces.tsx';
import type { Columns } from '../../../shared/list/columns.ts';
import { useChoices } from '../../../shared/list/use-choices.ts';
import { WholeList } from '../../../shared/list/whole-list.tsx';
import { useText } from '../../../shared/i18n/language.tsx';
import { figure, seconds } from './figures.tsx';
import { since, usePeriod } from './report-filters.ts';

type Row = AgentReport['items'][number];

/** What agents were offered, took and missed, and how long they talked. */
export function AgentsReport() {
  const t = useText();
  const filters = [usePeriod()];
  const { days } = useChoices(filters);
  const report = useQuery({
    queryKey: ['reports', 'agents', days],
    queryFn: () =>
      api.get('/reports/agents', { query: { from: since(days) } }).then(({ items }) => items),
  });
  const count = (field: 'offered' | 'answered' | 'missed' | 'withdrawn' | 'talks') =>
    figure<Row>(
      field,
      t(field === 'offered' ? 'report.rung' : `report.${field}`),
      (row) => row[field],
    );
  const time = (field: 'talkSec' | 'averageTalkSec' | 'averageWrapUpSec') =>
    seconds<Row>(field, t(`report.${field}`), (row) => row[field]);
  const columns: Columns<Row> = [
    {
      key: 'name',
      title: t('reportBy.agent'),
      text: (row) => row.name,
      sort: (row) => row.name,
      render: (_, row) => <span className="strong">{row.name}</span>,
    },
    count('offered'),
    count('answered'),
    count('missed'),
    { ...count('withdrawn'), hint: t('report.withdrawnHelp') },
    count('talks'),
    time('talkSec'),
    time('averageTalkSec'),
    time('averageWrapUpSec'),
  ];
  return (
    <WholeList<Row>
      name="report-agents"
      query={report}
      filters={filters}
      columns={columns}
      rowKey="key"
      empty={<Empty title={t('report.noCalls')} />}
    />
  );
}
