import { queueReportGroups } from '../../../../../src/contract/codes.ts';
import { useQuery } from '@tanstack/react-query';
import type { QueueReport } from '../../../../../src/contract/agents/queue-reports.ts';
import { api } from '../../../api/client.ts';
import { useQueues } from '../../../api/codes.ts';
import { Empty } from '../../../shared/parts/pieces.tsx';
import type { Columns } from '../../../shared/list/columns.ts';
import { useChoices } from '../../../shared/list/use-choices.ts';
import { WholeList } from '../../../shared/list/whole-list.tsx';
import { useEstateName } from '../../parts/use-estate-name.ts';
import { useName, useText } from '../../../shared/i18n/language.tsx';
import { figure, percents, seconds } from './figures.tsx';
import { since, useGrouping, usePeriod } from './report-filters.ts';

type Group = (typeof queueReportGroups)[number];
type Row = QueueReport['items'][number];

/** Callers who wanted a person: how many were answered, and how long they waited. */
export function QueuesReport() {
  const t = useText();
  const filters = [useGrouping(queueReportGroups), usePeriod()];
  const { by: told, days } = useChoices<'by' | 'days'>(filters);
  const by = queueReportGroups.find((one) => one === told) ?? 'hotline';
  const nameOf = useNameOf(by);
  const report = useQuery({
    queryKey: ['reports', 'queues', by, days],
    queryFn: () =>
      api.get('/reports/queues', { query: { by, from: since(days) } }).then(({ items }) => items),
  });
  const count = (field: 'offered' | 'answered' | 'abandoned' | 'callback' | 'overflowed') =>
    figure<Row>(field, t(`report.${field}`), (row) => row[field]);
  const time = (field: 'averageWaitSec' | 'longestWaitSec' | 'averageTalkSec') =>
    seconds<Row>(field, t(`report.${field}`), (row) => row[field]);
  const columns: Columns<Row> = [
    {
      key: 'name',
      title: t(`reportBy.${by}`),
      text: nameOf,
      sort: nameOf,
      render: (_, row) => <span className="strong figures">{nameOf(row)}</span>,
    },
    count('offered'),
    count('answered'),
    count('abandoned'),
    count('callback'),
    count('overflowed'),
    percents('serviceLevel', t('report.serviceLevel'), (row) => row.serviceLevel),
    time('averageWaitSec'),
    time('longestWaitSec'),
    time('averageTalkSec'),
  ];
  return (
    <WholeList<Row>
      name="report-queues"
      query={report}
      filters={filters}
      columns={columns}
      rowKey="key"
      empty={<Empty title={t('report.noCalls')} />}
    />
  );
}

function useNameOf(by: Group): (row: Row) => string {
  const t = useText();
  const name = useName();
  const estateName = useEstateName();
  const queues = useQueues();
  return ({ key }) => {
    if (by === 'hour') return `${key}:00`;
    if (by === 'site') return key === '' ? t('report.unknown') : estateName(key);
    if (by !== 'queue') return key;
    const queue = queues.data?.find((one) => one.queueId === key);
    return queue === undefined ? t('report.unknown') : name(queue.name);
  };
}
