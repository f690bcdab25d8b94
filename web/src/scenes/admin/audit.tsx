import type { ColumnsType } from 'antd/es/table';
import { Empty } from '../../components/pieces.tsx';
import { PagedTable } from '../../components/paged-table.tsx';
import { Ago } from '../../components/times.tsx';
import { textOf } from '../../i18n/i18n.ts';
import { useText } from '../../i18n/language.tsx';

interface AuditRow {
  id: string;
  staffId: string | null;
  staffName?: string | null;
  displayName?: string | null;
  act: string;
  subject: string;
  details: Record<string, unknown>;
  at: string;
}

/** Every sensitive act: who, what, when. */
export function AuditPage() {
  const t = useText();
  const columns: ColumnsType<AuditRow> = [
    { title: t('audit.at'), width: 140, render: (_, row) => <Ago at={row.at} /> },
    {
      title: t('audit.who'),
      width: 160,
      render: (_, row) => row.staffName ?? row.displayName ?? t('actor.system'),
    },
    { title: t('audit.act'), width: 200, render: (_, row) => textOf(t, 'act', row.act) },
    {
      title: t('audit.details'),
      render: (_, row) => (
        <span className="quiet figures clip audit-details" title={row.subject}>
          {detailText(row.details) || row.subject}
        </span>
      ),
    },
  ];
  return (
    <PagedTable<AuditRow>
      path="/audit"
      name="audit"
      columns={columns}
      rowKey="id"
      empty={<Empty title={t('audit.none')} />}
    />
  );
}

function detailText(details: Readonly<Record<string, unknown>>): string {
  return Object.entries(details)
    .flatMap(([key, value]) =>
      typeof value === 'string' || typeof value === 'number' ? [`${key}: ${value}`] : [],
    )
    .join(' · ');
}
