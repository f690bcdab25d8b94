import { Empty } from '../../components/pieces.tsx';
import { PagedTable } from '../../components/paged-table.tsx';
import { Ago } from '../../components/times.tsx';
import { isKey, type Translate } from '../../i18n/i18n.ts';
import { useText } from '../../i18n/language.tsx';
import type { Columns } from '../../components/rows-table.tsx';

interface AuditRow {
  id: string;
  staffId: string | null;
  staffName?: string | null;
  displayName?: string | null;
  act: string;
  subject: string;
  target: { kind: string; name: string } | null;
  details: Record<string, unknown>;
  at: string;
}

/** Every sensitive act: who, what, when. */
export function AuditPage() {
  const t = useText();
  const columns: Columns<AuditRow> = [
    { title: t('audit.at'), width: 140, render: (_, row) => <Ago at={row.at} /> },
    {
      title: t('audit.who'),
      width: 160,
      render: (_, row) => row.staffName ?? row.displayName ?? t('actor.system'),
    },
    { title: t('audit.act'), width: 200, render: (_, row) => actText(t, row.act) },
    {
      title: t('audit.details'),
      render: (_, row) => (
        <span className="quiet audit-details">
          {[targetText(t, row), detailText(row.details)].filter((one) => one !== '').join(' · ')}
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

function actText(t: Translate, act: string): string {
  const key = `act.${act}`;
  return t(isKey(key) ? key : 'act.other');
}

function targetText(t: Translate, { target, subject }: AuditRow): string {
  if (target === null) return subject === 'unknown' ? t('target.unknown') : namedBy(subject);
  const key = `target.${target.kind}`;
  return isKey(key) ? t(key, { name: target.name }) : target.name;
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
