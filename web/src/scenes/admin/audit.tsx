import { Empty } from '../../components/pieces.tsx';
import { PagedTable } from '../../components/paged-table.tsx';
import { Ago } from '../../components/times.tsx';
import { textOf } from '../../i18n/i18n.ts';
import { useStaffName } from '../../components/use-staff-name.ts';
import { useText } from '../../i18n/language.tsx';
import type { Columns } from '../../components/rows-table.tsx';

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
  const staffName = useStaffName();
  const columns: Columns<AuditRow> = [
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
        <span className="quiet audit-details">
          {[staffName(row.subject) ?? namedBy(row.subject), detailText(row.details)]
            .filter((one) => one !== '')
            .join(' · ')}
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

/** Ids are for machines; numbers of orders and hotlines are for people. */
function namedBy(subject: string): string {
  return isId(subject) ? '' : subject;
}

function detailText(details: Readonly<Record<string, unknown>>): string {
  return Object.values(details)
    .filter((value) => (typeof value === 'string' && !isId(value)) || typeof value === 'number')
    .join(' · ');
}

function isId(text: string): boolean {
  return /^[0-9a-f]{8}-[0-9a-f-]{27}$/.test(text);
}
